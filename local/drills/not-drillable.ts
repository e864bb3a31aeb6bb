/** The rules that no drill can fire, by the name in their file, each with why. A test holds this list against rules and drills. */
export const notDrillable: Readonly<Record<string, string>> = {
  availability: 'Only the locations of an availability test try the service from outside, and those are Azure alone.',
  'dead-letters-growing': 'Its threshold is learned from days of the metric, which Azure alone can do.',
  'guard-rails-weakened': 'It reads the activity log of Azure, in which a service on one machine leaves nothing.',
  'resource-health': 'It reads the activity log, in which Azure tells of its own resources.',
  'rule-disabled': 'It reads the activity log, in which Azure tells who disabled a rule.',
  'service-health': 'It reads the activity log, in which Azure tells of its own incidents.',
};
