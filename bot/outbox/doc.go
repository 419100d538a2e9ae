// Package outbox sends what nobody is waiting for: posts that fall due and
// announcements. Everything is leased, marked before it is sent and settled
// after, so that any number of processes post each thing once, and a process
// that dies loses nothing and doubles nothing beyond the platform's own doubt.
// Each platform has a queue and a lane of its own: none waits for another.
package outbox
