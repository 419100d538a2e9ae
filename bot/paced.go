package bot

import "context"

// A Turn is one that a call had in the pace which all replicas share. An adapter
// says when a call has ended, for how late it was counts.
type Turn interface {
	Done(ctx context.Context, worked bool)
}

type turnKey struct{}

// WithTurn gives the calls made with the context their turn.
func WithTurn(ctx context.Context, turn Turn) context.Context {
	return context.WithValue(ctx, turnKey{}, turn)
}

// TurnOf is the turn of calls made with the context; nil if they did not wait for one.
func TurnOf(ctx context.Context) Turn {
	turn, _ := ctx.Value(turnKey{}).(Turn)
	return turn
}
