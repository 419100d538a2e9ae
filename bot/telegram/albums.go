package telegram

import "sync"

// knownAlbums bounds how many albums are remembered; their parts come together.
const knownAlbums = 4096

// albums remembers of pictures sent at once which message was the first.
type albums struct {
	mu    sync.Mutex
	begun map[album]int64
}

type album struct {
	chat int64
	id   string
}

func newAlbums() *albums { return &albums{begun: map[album]int64{}} }

// first reports whether a message is the first of its album, or that one again.
func (a *albums) first(m *message) bool {
	key := album{m.chat.id, m.album}
	a.mu.Lock()
	defer a.mu.Unlock()
	if begun, known := a.begun[key]; known {
		return begun == m.id
	}
	if len(a.begun) >= knownAlbums {
		clear(a.begun)
	}
	a.begun[key] = m.id
	return true
}
