// One IndexedDB "tablet"; rows of every user side by side, each sealed under its user's key.

/** The tablet is full; what was kept before is still kept. The UI says so and frees room (photos, sent visits). */
export class StorageFull extends Error {}
/** A newer page has changed the database: this one must be loaded again. Nothing is lost. */
export class NewerPage extends Error {}
