package discord

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// address keeps the gateway's address, for discordgo to ask for too.
func (g *gateway) address(raw string) error {
	u, err := g.parse(raw)
	if err != nil {
		return err
	}
	g.begin = u
	g.a.rest.transport.gateway.Store(&raw)
	return nil
}

// parse reads an address of the gateway, for version 10 of it. The token never
// goes out in the clear where the API is encrypted.
func (g *gateway) parse(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "wss" && u.Scheme != "ws" {
		return nil, errors.New("discord: gateway/bot gives no address of a gateway; check DISCORD_API_URL")
	}
	if u.Scheme == "ws" && g.a.rest.transport.api.Scheme == "https" {
		return nil, errors.New("discord: gateway/bot gives an unencrypted gateway; check DISCORD_API_URL")
	}
	u.RawQuery = "v=10&encoding=json"
	return u, nil
}

// resumeThere keeps where Discord wants the session resumed. What cannot be such
// a place leaves it where it was begun.
func (g *gateway) resumeThere(raw, scheme string) {
	u, err := g.parse(raw)
	if err != nil || u.Scheme != scheme {
		u = nil
	}
	g.resume.Store(u)
}

// whereTo is the address of the next connection. A place that did not take the
// session back is not asked again.
func (g *gateway) whereTo(resumes bool) *url.URL {
	if u := g.resume.Load(); resumes && u != nil && g.resumes == 0 {
		return u
	}
	return g.begin
}

// dial connects the socket of the life that has just begun.
func (g *gateway) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	l := g.life.Load()
	conn, err := g.dialPlain(ctx, l, network, "80")
	if err != nil {
		return nil, err
	}
	l.attach(conn)
	return newLink(conn, l.to, silence, l), nil
}

// dialTLS does the handshake here, under the link, which has to read the frames.
func (g *gateway) dialTLS(ctx context.Context, network, _ string) (net.Conn, error) {
	l := g.life.Load()
	conn, err := g.dialPlain(ctx, l, network, "443")
	if err != nil {
		return nil, err
	}
	secure := tls.Client(conn, &tls.Config{
		ServerName: l.to.Hostname(), RootCAs: g.roots, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	})
	l.attach(secure)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("handshake with the gateway: %w", err)
	}
	return newLink(secure, l.to, silence, l), nil
}

func (g *gateway) dialPlain(ctx context.Context, l *life, network, port string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)() //nolint:contextcheck // the cause is the life of the connection
	dialer := &net.Dialer{Timeout: dialWithin, KeepAlive: 30 * time.Second}
	conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(l.to.Hostname(), cmp.Or(l.to.Port(), port)))
	if err != nil {
		return nil, fmt.Errorf("dial the gateway: %w", err)
	}
	return conn, nil
}
