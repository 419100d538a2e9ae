package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot/discord/discordtest"
	"notalone/bot/telegram/telegramtest"
)

// A crowd is people who act again when they are answered.
type crowd interface {
	Begin()
	End()
	Answers() int64
	Took() []time.Duration
}

// BenchmarkBinary is the closed loop: the built binary, a redis-server and a
// crowd, on the cores they share. The distant platform answers 50 ms late.
func BenchmarkBinary(b *testing.B) {
	const delay, think = 50 * time.Millisecond, 140 * time.Millisecond
	for name, people := range map[string]telegramtest.CrowdOptions{
		"telegram/press":   {People: 200, Press: true},
		"telegram/words":   {People: 200},
		"telegram/distant": {People: 1000, Press: true, Delay: delay, Think: think},
	} {
		b.Run(name, func(b *testing.B) {
			c := telegramtest.NewCrowd(people)
			runLoad(b, c, "TELEGRAM_BOT_TOKEN="+telegramtest.Token, "TELEGRAM_API_URL="+serveLean(b, c))
		})
	}
	for name, people := range map[string]discordtest.CrowdOptions{
		"discord/press":   {People: 200},
		"discord/distant": {People: 1000, Delay: delay, Think: think},
	} {
		b.Run(name, func(b *testing.B) {
			c := discordtest.NewCrowd(people)
			runLoad(b, c, "DISCORD_BOT_TOKEN=x", "DISCORD_API_URL="+c.URL)
		})
	}
}

// runLoad runs the crowd until b.N were answered.
func runLoad(b *testing.B, c crowd, settings ...string) {
	address := freePort(b)
	startRedis(b, address)
	store := redis.NewClient(&redis.Options{Addr: address})
	defer store.Close()
	began := time.Now()
	bot := startBot(b, append(settings, "REDIS_URL=redis://"+address, "LOG_LEVEL=error")...)
	bot.ready()
	start := time.Since(began)
	idle := bot.memory("VmRSS")
	c.Begin()
	await := func(answers int64) int64 {
		bot.await("the answers", 2*time.Minute, func() bool { return c.Answers() >= answers })
		return c.Answers()
	}
	before := await(5000) // connections are made, caches filled
	c.Took()
	cpu, from := bot.cpu(), readRedis(b, store)
	b.ResetTimer()
	after := await(before + int64(b.N))
	b.StopTimer()
	updates := float64(after - before)
	to := readRedis(b, store)
	b.ReportMetric(updates/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(float64((bot.cpu()-cpu).Microseconds())/updates, "cpu-µs")
	b.ReportMetric((to.commands-from.commands)/updates, "commands")
	b.ReportMetric((to.bytes-from.bytes)/updates, "bytes")
	b.ReportMetric(float64(start.Milliseconds()), "start-ms")
	b.ReportMetric(idle, "idle-MB")
	b.ReportMetric(bot.memory("VmRSS"), "busy-MB")
	if took := c.Took(); len(took) > 0 {
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	}
	c.End()
}

// cpu is how much the bot has used so far.
func (i *instance) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", i.Process.Pid))
	if err != nil {
		i.tb.Skip("needs /proc")
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')'):]))
	user, _ := strconv.Atoi(fields[12])
	system, _ := strconv.Atoi(fields[13])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is a figure of the bot's memory in megabytes.
func (i *instance) memory(name string) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.Process.Pid))
	_, rest, _ := strings.Cut(string(raw), name+":")
	var kilobytes float64
	fmt.Sscan(rest, &kilobytes)
	return kilobytes / 1024
}

// redisFigures are what a redis-server counts.
type redisFigures struct{ commands, bytes float64 }

func readRedis(tb testing.TB, client *redis.Client) (f redisFigures) {
	info, err := client.Info(tb.Context(), "stats").Result()
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		n, _ := strconv.ParseFloat(value, 64)
		switch name {
		case "total_commands_processed":
			f.commands = n
		case "total_net_input_bytes", "total_net_output_bytes":
			f.bytes += n
		}
	}
	return f
}

// serveLean serves a handler over HTTP/1.1 with less work than net/http, so that
// the fake leaves the cores to what is measured.
func serveLean(tb testing.TB, handler http.RoundTripper) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go leanConnection(tb, conn, handler)
		}
	}()
	return "http://" + listener.Addr().String()
}

func leanConnection(tb testing.TB, conn net.Conn, handler http.RoundTripper) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		fields := strings.Fields(line)
		size := 0
		for {
			header, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(header) <= 2 {
				break
			}
			if value, ok := bytes.CutPrefix(header, []byte("Content-Length: ")); ok {
				size, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
			}
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		req, err := http.NewRequestWithContext(tb.Context(), fields[0], "http://telegram"+fields[1], bytes.NewReader(body))
		if err != nil {
			return
		}
		res, err := handler.RoundTrip(req)
		if err != nil {
			return
		}
		out := make([]byte, 0, 128+res.ContentLength)
		out = fmt.Appendf(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", res.ContentLength)
		answer := bytes.NewBuffer(out)
		answer.ReadFrom(res.Body)
		if _, err := conn.Write(answer.Bytes()); err != nil {
			return
		}
	}
}
