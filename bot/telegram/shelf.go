package telegram

import (
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"notalone/flows"
)

// Bounds of the shelf.
const (
	rushFor       = time.Second          // after a full poll
	rushPause     = 4 * time.Millisecond // between polls of a rush: fuller ones cost less
	shelveWithin  = 300 * time.Millisecond
	shelfRest     = 5 * time.Second // after it failed
	restoreWithin = time.Second
	maxParcel     = 1 << 20
)

// A parcel is presses of a rush. Telegram sends a hundred unconfirmed updates and
// no more, so in a rush the next ones would wait for the answers to these. Presses
// are therefore laid on a shelf and confirmed at once; a bot that was killed finds
// them there. Words never are: they stay with Telegram until they are answered.
type parcel struct {
	name string
	left int // not yet answered
	kept bool
}

// shelve lays the presses of a poll that are still to be answered on the shelf
// and confirms them.
func (p *poller) shelve(ctx context.Context, presses []shelvable) {
	now := p.now()
	if p.o.Shelf == nil || len(presses) == 0 || now.Before(p.shelfBack) {
		return
	}
	parcel := &parcel{name: strconv.FormatInt(presses[0].item.id, 10)}
	presses = p.window.pack(parcel, presses)
	if len(presses) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, shelveWithin)
	defer cancel()
	if err := p.o.Shelf.Shelve(ctx, p.owner(), parcel.name, p.pack(presses)); err != nil {
		p.shelfBack = now.Add(shelfRest) // they are confirmed when they are answered, as without a rush
		return
	}
	if p.window.shelved(parcel, presses) {
		p.unshelve(ctx, parcel.name)
	}
}

// unshelve drops a parcel whose presses are answered. One that stays behind goes
// by itself, and to answer it again changes nothing.
func (p *poller) unshelve(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shelveWithin)
	defer cancel()
	_ = p.o.Shelf.Unshelve(ctx, p.owner(), name)
}

func (p *poller) owner() string { return string(Name) + ":" + strconv.FormatInt(p.me.Load().ID, 10) }

// restore answers what an earlier run had on the shelf when it was killed. It
// tries again while the shelf is away.
func (p *poller) restore(ctx context.Context) {
	if p.o.Shelf == nil || p.restored || p.now().Before(p.shelfBack) {
		return
	}
	within, cancel := context.WithTimeout(ctx, restoreWithin)
	parcels, err := p.o.Shelf.Shelved(within, p.owner())
	cancel()
	if err != nil {
		p.shelfBack = p.now().Add(shelfRest)
		return
	}
	p.restored = true
	oldest := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(parcels), oldest) {
		raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(parcels[name])), maxParcel))
		if err == nil {
			p.replay(ctx, name, raw)
		}
	}
}

// replay hands the presses of a parcel over again.
func (p *poller) replay(ctx context.Context, name string, raw []byte) {
	parcel := &parcel{name: name, kept: true}
	var presses []update
	for line := range bytes.Lines(raw) {
		if u, err := parseUpdate(line); err == nil && u.press != nil && p.window.recall(u.id) {
			presses = append(presses, u)
		}
	}
	parcel.left = len(presses)
	for _, u := range presses {
		done := func() {
			if p.window.unpack(parcel) {
				p.unshelve(ctx, name)
			}
		}
		if ev := p.eventOf(&u); ev == nil {
			done()
		} else {
			_ = p.accept(ctx, p.inbox, ev, done) // refused only at the end of the run: it stays on the shelf
		}
	}
}

// shelvable is a press that may be laid on the shelf.
type shelvable struct {
	item  *pending
	press *press
}

// pack writes presses as the updates they came in, with what an answer needs and
// nothing else. Of a path about help only that much is told: which worry it was
// is never stored, and the answer after a kill is the first page of help.
func (p *poller) pack(presses []shelvable) []byte {
	var plain []byte
	for _, s := range presses {
		plain = append(appendPress(plain, s.item.id, s.press), '\n')
	}
	var packed bytes.Buffer
	if p.packer == nil {
		p.packer, _ = flate.NewWriter(nil, flate.BestSpeed) // fails for an unknown level only
	}
	p.packer.Reset(&packed)
	_, _ = p.packer.Write(plain) // into memory
	_ = p.packer.Close()
	return packed.Bytes()
}

func appendPress(b []byte, id int64, p *press) []byte {
	b = strconv.AppendInt(append(b, `{"update_id":`...), id, 10)
	b = appendJSON(append(b, `,"callback_query":{"id":"`...), p.id)
	b = strconv.AppendInt(append(b, `","from":{"id":`...), p.from.id, 10)
	b = appendJSON(append(b, `,"language_code":"`...), p.from.lang)
	b = appendJSON(append(b, `"},"data":"`...), lessOf(p.data))
	m := p.message
	b = strconv.AppendInt(append(b, `","message":{"message_id":`...), m.id, 10)
	for _, field := range []struct {
		name  string
		value int64
	}{{"ephemeral_message_id", m.whisper}, {"message_thread_id", m.thread}, {"date", min(m.date, 1)}} {
		if field.value != 0 {
			b = strconv.AppendInt(append(append(append(b, `,"`...), field.name...), `":`...), field.value, 10)
		}
	}
	if m.topic {
		b = append(b, `,"is_topic_message":true`...)
	}
	b = strconv.AppendInt(append(b, `,"chat":{"id":`...), m.chat.id, 10)
	b = appendJSON(append(b, `,"type":"`...), m.chat.kind)
	return append(b, `"}}}}`...)
}

// tellsWorry are the conversations whose paths tell what somebody is worried about.
var tellsWorry = []string{"help", "lines", "line", "report", "trick"}

// lessOf is a button's path without what it tells of a worry.
func lessOf(data string) string {
	path, err := flows.ParsePath(data)
	root := path.Root()
	switch parts := strings.SplitN(data, "/", 3); { // of an announcement's button, what it opens
	case err != nil:
		return data
	case root == "via" && len(parts) == 3:
		return lessOf(parts[2])
	case root == "line":
		return "lines"
	case slices.Contains(tellsWorry, root):
		return root
	}
	return data
}

// pack puts those presses that are not answered yet into a parcel.
func (w *window) pack(parcel *parcel, presses []shelvable) []shelvable {
	w.mu.Lock()
	defer w.mu.Unlock()
	presses = slices.DeleteFunc(presses, func(s shelvable) bool { return s.item.done })
	parcel.left = len(presses)
	for _, s := range presses {
		s.item.parcel = parcel
	}
	return presses
}

// shelved lets the presses of a parcel be confirmed, and reports whether all of
// them are answered already.
func (w *window) shelved(parcel *parcel, presses []shelvable) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	parcel.kept = true
	for _, s := range presses {
		s.item.aside = true
	}
	w.slide(holdFor)
	return parcel.left == 0
}

// unpack counts an answer, and reports whether the parcel can go.
func (w *window) unpack(parcel *parcel) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	parcel.left--
	return parcel.left == 0 && parcel.kept
}

// recall notes that an update is in hand without ever holding the window: it is
// on the shelf. False if it was received before.
func (w *window) recall(id int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen.add(id)
}
