/** The name of the developer's machine, by which the rows of a developer's run are told from those of the service. */
export const developerHost = 'developer-machine';
