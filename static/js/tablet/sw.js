// Keeps the page and its files by version, nothing else: no household, no visit ever enters this cache.
// The server writes two lines above: const VERSION = "…" and const SHELL = [urls of the page and its files].
