package bot

import "context"

// A Shelf keeps parcels of events that a platform counts as delivered and that
// are not answered yet, sealed and for a few minutes at most, so that a kill
// repeats them rather than losing them. Each call costs one round trip.
type Shelf interface {
	// Shelve keeps a parcel under a name of the owner's.
	Shelve(ctx context.Context, owner, name string, parcel []byte) error
	// Unshelve drops a parcel.
	Unshelve(ctx context.Context, owner, name string) error
	// Shelved returns what an earlier run has left.
	Shelved(ctx context.Context, owner string) (map[string][]byte, error)
}
