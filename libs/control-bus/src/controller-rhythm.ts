/**
 * What a controller does again and again though nothing happens, each at whole beats: with timers that come at multiples of their
 * interval (libs/system) these come together, so that an idle controller wakes up once a beat, whatever the number of its pipelines.
 */
const beatMs = 400;

/** A holder claims its lease. */
export const claimEveryMs = beatMs;
/** Members that have fallen silent are looked for. */
export const membersLookEveryMs = beatMs;
/** A controller announces itself to the others of its cluster. */
export const announceEveryMs = 2 * beatMs;
/** A controller's record is written to the store, synced: four of them tell of another bus in good time. */
export const recordEveryMs = 5 * beatMs;
/** The status of a pipeline is said again. */
export const statusEveryMs = 3 * beatMs;
/** What of the catalog couldn't be read is tried again, and a disconnected bus made up for; hints are acted on at once. */
export const catalogEveryMs = 4 * beatMs;
