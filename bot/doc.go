// Package bot is the shell around flows: it loads the states of a batch of
// events, turns them, commits what changed and only then answers. It knows no
// platform by name, no Redis client and no wording.
//
// Adapters hand in events and carry out answers; they never retry, never sleep
// for a limit and decide nothing. A Store keeps the state.
package bot
