/** Tells the test the most memory that the service has held so far, in MB. */
setInterval(() => process.send?.({ peakMb: process.resourceUsage().maxRSS / 1_024 }), 100).unref();
