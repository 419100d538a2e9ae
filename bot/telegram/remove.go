package telegram

import (
	"context"

	"notalone/bot"
)

// deleteMost is how many messages one call deletes.
const deleteMost = 100

// Delete implements bot.Adapter.
func (a *Adapter) Delete(ctx context.Context, place bot.Address, ids []string) (int, error) {
	left := 0
	for len(ids) > 0 {
		n := min(len(ids), deleteMost)
		failed, f := a.deleteSome(ctx, place, ids[:n])
		left += failed
		if f != nil {
			return left + len(ids) - n, f.err()
		}
		ids = ids[n:]
	}
	return left, nil
}

// deleteSome deletes up to a hundred. One message that cannot be deleted fails
// the whole call, so a refused lot is halved until the culprit stands alone.
func (a *Adapter) deleteSome(ctx context.Context, place bot.Address, ids []string) (left int, f *fault) {
	body := []byte(`"message_ids":[`)
	for i, id := range ids {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendID(body, id)
	}
	_, f = a.callAt(ctx, "deleteMessages", bot.NewAddress(Name, place.Chat(), ""), append(body, `]}`...))
	switch {
	case f == nil:
		return 0, nil
	case f.Kind != bot.Refused:
		return len(ids), f
	case len(ids) == 1:
		return 1, nil
	}
	half := len(ids) / 2
	left, f = a.deleteSome(ctx, place, ids[:half])
	if f != nil {
		return left + len(ids) - half, f
	}
	more, f := a.deleteSome(ctx, place, ids[half:])
	return left + more, f
}
