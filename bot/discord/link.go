package discord

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// How long the socket may be silent, and how long a write may take. Heartbeats
// are answered every 41 seconds, so a longer silence is a dead connection.
const (
	silence     = 90 * time.Second
	writeWithin = 10 * time.Second
)

// maxFrame bounds what is kept of one message of the gateway.
const maxFrame = 16 << 20

// Opcodes of the websocket protocol.
const (
	frameMore  = 0x0
	frameText  = 0x1
	frameClose = 0x8
	finalBit   = 0x80
)

var errFrame = errors.New("a websocket frame that a server must not send")

// A link is the socket under discordgo's websocket. It bounds every read, which
// discordgo does not, and reads the frames on their way in: discordgo keeps close
// codes to itself, decodes every event in full and panics on some it cannot read.
// The listener decides what discordgo gets to see.
type link struct {
	net.Conn
	in       *bufio.Reader
	to       *url.URL
	listener listener
	asked    bool // the request of the handshake is out
	upgraded bool
	out      []byte // for discordgo to read
	message  []byte // the frames of a message so far
	payload  []byte
}

// A listener is told what comes in.
type listener interface {
	// hear takes one message and returns what discordgo reads in its place.
	hear(message []byte) []byte
	// closed is told the code of a close frame.
	closed(code int)
	// broke is told why nothing more can be read.
	broke(err error)
}

func newLink(conn net.Conn, to *url.URL, silence time.Duration, tell listener) *link {
	l := &link{Conn: conn, to: to, listener: tell}
	l.in = bufio.NewReaderSize(rearmed{conn, silence}, 64<<10)
	return l
}

// rearmed gives every read of the socket a deadline of its own.
type rearmed struct {
	conn    net.Conn
	silence time.Duration
}

func (r rearmed) Read(p []byte) (int, error) {
	if err := r.conn.SetReadDeadline(time.Now().Add(r.silence)); err != nil {
		return 0, err
	}
	return r.conn.Read(p)
}

// Write implements net.Conn.
func (l *link) Write(p []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return 0, err
	}
	if l.asked {
		return l.Conn.Write(p)
	}
	l.asked = true
	if _, err := l.Conn.Write(readdressed(p, l.to)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// readdressed puts another target and host into the request of a handshake:
// discordgo asks for version 9 of the gateway, and resumes a session where it
// began instead of where Discord wants that done.
func readdressed(request []byte, to *url.URL) []byte {
	_, rest, _ := bytes.Cut(request, []byte("\r\n"))
	_, rest, _ = bytes.Cut(rest, []byte("\r\n")) // the host always comes first
	return append(fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n", to.RequestURI(), to.Host), rest...)
}

// Close implements net.Conn. discordgo also closes what it does not understand,
// and reads no more of it.
func (l *link) Close() error {
	err := l.Conn.Close()
	l.listener.broke(net.ErrClosed)
	return err
}

// Read implements net.Conn.
func (l *link) Read(p []byte) (int, error) {
	for len(l.out) == 0 {
		fill := l.frame
		if !l.upgraded {
			fill = l.header
		}
		if err := fill(); err != nil {
			l.listener.broke(err)
			return 0, err
		}
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// header passes the answer to the handshake on, line by line.
func (l *link) header() error {
	line, err := l.in.ReadSlice('\n')
	l.out = append(l.out[:0], line...)
	l.upgraded = strings.TrimSpace(string(line)) == ""
	return err
}

// frame reads one frame. Discord sends none that is masked or compressed.
func (l *link) frame() error {
	var head [8]byte
	if _, err := io.ReadFull(l.in, head[:2]); err != nil {
		return err
	}
	kind, size := head[0]&0x0f, uint64(head[1])
	extra := 0
	switch size {
	case 126:
		extra = 2
	case 127:
		extra = 8
	}
	if extra > 0 {
		var wide [8]byte
		if _, err := io.ReadFull(l.in, wide[8-extra:]); err != nil {
			return err
		}
		size = binary.BigEndian.Uint64(wide[:])
	}
	if size > maxFrame || head[1]&0x80 != 0 || head[0]&0x70 != 0 {
		return errFrame
	}
	l.payload = append(l.payload[:0], make([]byte, size)...)
	if _, err := io.ReadFull(l.in, l.payload); err != nil {
		return err
	}
	return l.take(kind, head[0]&finalBit != 0)
}

// take handles the frame that was read: control frames go on as they are, data
// frames once their message is whole.
func (l *link) take(kind byte, final bool) error {
	if kind >= frameClose {
		if kind == frameClose {
			l.listener.closed(closeCode(l.payload))
		}
		l.pass(kind, l.payload)
		return nil
	}
	if (kind == frameMore) != (len(l.message) > 0) || len(l.message)+len(l.payload) > maxFrame {
		return errFrame
	}
	l.message = append(l.message, l.payload...)
	if !final {
		return nil
	}
	if forward := l.listener.hear(l.message); forward != nil {
		l.pass(frameText, forward)
	}
	l.message = l.message[:0]
	if cap(l.message) > 1<<20 { // a large server's greeting is not kept
		l.message, l.payload = nil, nil
	}
	return nil
}

// closeCode is the code of a close frame, 0 if it has none.
func closeCode(payload []byte) int {
	if len(payload) < 2 {
		return 0
	}
	return int(binary.BigEndian.Uint16(payload))
}

// pass puts a frame where discordgo reads.
func (l *link) pass(kind byte, payload []byte) {
	l.out = append(l.out[:0], finalBit|kind)
	switch n := len(payload); {
	case n < 126:
		l.out = append(l.out, byte(n))
	case n <= 0xffff:
		l.out = binary.BigEndian.AppendUint16(append(l.out, 126), uint16(n))
	default:
		l.out = binary.BigEndian.AppendUint64(append(l.out, 127), uint64(n))
	}
	l.out = append(l.out, payload...)
}
