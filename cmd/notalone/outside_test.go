package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"notalone/bot/bottest"
	"notalone/bot/redisstore"
)

// The tests of this file's kind see the bot as an operator does: the built
// binary as a process of its own, before fakes of both platforms on 127.0.0.1
// and a real redis-server.

// building is the folder the binary is built into, once for all tests.
var building = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "notalone")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "notalone")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	if os.Getenv(asReplica) != "" {
		os.Exit(beReplica())
	}
	code := m.Run()
	if path, err := building(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// A process is a running program of the test's own.
type process struct {
	*exec.Cmd
	tb    testing.TB
	log   *bottest.Logbook
	ended chan struct{}
	err   error // once ended
}

// startProcess runs a program until the test ends.
func startProcess(tb testing.TB, env []string, path string, args ...string) *process {
	tb.Helper()
	p := &process{Cmd: exec.Command(path, args...), tb: tb, log: &bottest.Logbook{}, ended: make(chan struct{})}
	p.Env, p.Dir, p.Stdout, p.Stderr = env, tb.TempDir(), p.log, p.log
	if err := p.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { p.err = p.Wait(); close(p.ended) }()
	tb.Cleanup(func() { p.kill() })
	return p
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.Process.Kill()
	<-p.ended
}

// stop asks the process to end and returns how long that took.
func (p *process) stop() time.Duration {
	p.tb.Helper()
	began := time.Now()
	_ = p.Process.Signal(syscall.SIGTERM)
	p.await("the end", 15*time.Second, func() bool {
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	return time.Since(began)
}

// await looks until something holds.
func (p *process) await(what string, within time.Duration, holds func() bool) {
	p.tb.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			p.tb.Fatalf("waited %v in vain for %s; the log:\n%s", within, what, p.log)
		}
	}
}

// freePort is an address on 127.0.0.1 where nobody listens.
func freePort(tb testing.TB) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// startRedis runs a redis-server at an address.
func startRedis(tb testing.TB, address string) *process {
	tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		tb.Skip("redis-server is not on the PATH: the binary is not tried with it")
	}
	_, port, _ := net.SplitHostPort(address)
	p := startProcess(tb, nil, path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
	p.await("redis-server", 10*time.Second, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return p
}

// An instance is the bot as an operator runs it.
type instance struct {
	*process
	web string
}

// secretKey stays the same when a bot is started anew.
var secretKey = redisstore.NewSecret()

// startBot runs the binary with settings, and does not wait for it.
func startBot(tb testing.TB, settings ...string) *instance {
	tb.Helper()
	path, err := building()
	if err != nil {
		tb.Fatal(err)
	}
	web := freePort(tb)
	env := append([]string{"HTTP_ADDR=" + web, "NOTALONE_KEY=" + secretKey, "OPERATOR_CONTACT=help@example.org"}, settings...)
	return &instance{process: startProcess(tb, env, path), web: "http://" + web}
}

// get reads one of the operator's pages; status 0 means that nobody answers.
func (i *instance) get(page string) (status int, body string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.web+page, nil)
	if err != nil {
		i.tb.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// ready waits until the bot says that it is.
func (i *instance) ready() {
	i.tb.Helper()
	i.await("readiness", 10*time.Second, func() bool { status, _ := i.get("/readyz"); return status == http.StatusOK })
}
