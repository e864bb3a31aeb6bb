// Loaded into the service when `npm start` shows its log to a person: its standard output is a pipe then, and it must write
// what it would write to the terminal that stands behind.
process.stdout.isTTY = true;
