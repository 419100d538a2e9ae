package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/bottest/limits"
	"notalone/bot/discord"
	"notalone/bot/discord/discordtest"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/i18n"
)

// The whole size, at the platforms' real speed and with the built binary:
//
//	go test ./cmd/notalone -run AnnouncementReachesAll -recipients 20000 -scale 1 -timeout 30m -v
var (
	recipients = flag.Int("recipients", 1000, "how many get the announcement of the load test")
	speed      = flag.Float64("scale", 5, "how many times as fast as the real ones the platforms are in the load test")
)

// A campaign is one announcement on its way to many, in a hard world.
type campaign struct {
	*testing.T
	scale    float64
	from     time.Time
	now      func() time.Time
	address  string // of Redis
	dir      string
	redis    *process
	store    *redisstore.Store
	telegram *telegramtest.Server
	discord  *discordtest.Server
	gates    map[bot.Name]*limits.Gate
	settings []string
	people   []receiver
	replicas []*process
	killed   int
	outages  []limits.Span
}

// A receiver is somebody on the list, and what stands in their chats.
type receiver struct {
	platform bot.Name
	lang     i18n.Lang
	blocked  bool
	got      func() []string
}

// newsWords are what each language gets.
var newsWords = map[i18n.Lang]string{"vi": "Tin mới cho bạn", "id": "Kabar baru untukmu", "en": "News for you"}

var newsLangs = []i18n.Lang{"vi", "id", "en"}

func newCampaign(t *testing.T, scale float64) *campaign {
	t.Helper()
	from := time.Now().Truncate(time.Second)
	c := &campaign{T: t, scale: scale, from: from, now: fastClock(from, scale), address: freePort(t), dir: t.TempDir(), gates: map[bot.Name]*limits.Gate{}}
	c.startRedis("everysec")
	client, err := redisstore.Connect("redis://"+c.address, redisstore.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	secret, err := redisstore.ParseSecret(secretKey)
	if err != nil {
		t.Fatal(err)
	}
	if c.store, err = redisstore.New(client, secret, c.now); err != nil {
		t.Fatal(err)
	}
	c.telegram, c.discord = telegramtest.New(t), discordtest.New(t)
	c.settings = append(onTelegram(c.telegram.Start()), "DISCORD_BOT_TOKEN="+discordtest.Token, "DISCORD_API_URL="+c.discord.URL, "REDIS_URL=redis://"+c.address)
	return c
}

// startRedis runs a redis-server that keeps what it was told.
func (c *campaign) startRedis(sync string) {
	c.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		c.Skip("redis-server is not on the PATH")
	}
	_, port, _ := net.SplitHostPort(c.address)
	c.redis = startProcess(c.T, nil, path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync", sync, "--dir", c.dir)
	client := redis.NewClient(&redis.Options{Addr: c.address, MaxRetries: -1})
	defer client.Close()
	c.redis.await("redis-server", 30*time.Second, func() bool { return client.Ping(context.Background()).Err() == nil })
}

// midday is a zone in which it is about noon.
func midday(now time.Time) string {
	offset := 12 - now.UTC().Hour()
	if offset == 0 {
		return "UTC"
	}
	return fmt.Sprintf("Etc/GMT%+d", -offset)
}

// enlist makes the receivers: three in five on Telegram, half of them groups.
func (c *campaign) enlist(n int) {
	c.Helper()
	type wish struct {
		place bot.Address
		feed  *flows.Feed
	}
	wishes := make(chan wish)
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for w := range wishes {
				if ok, err := c.store.SaveFeed(context.Background(), w.place, w.feed, ""); err != nil || !ok {
					c.Errorf("saved %v: %v", ok, err)
				}
			}
		})
	}
	zone := midday(c.now())
	for i := range n {
		feed := &flows.Feed{Lang: newsLangs[i%3], Zone: zone, News: true, Country: "VN", Private: i%2 == 1}
		one := receiver{platform: telegram.Name, lang: feed.Lang, blocked: i%47 == 7}
		var place bot.Address
		if i%5 < 3 {
			place = c.onTelegram(i, feed, &one)
		} else {
			one.platform = discord.Name
			place = c.onDiscord(i, feed, &one)
		}
		c.people = append(c.people, one)
		wishes <- wish{place, feed}
	}
	close(wishes)
	writers.Wait()
}

func (c *campaign) onTelegram(i int, feed *flows.Feed, one *receiver) bot.Address {
	id := int64(10_000_000 + i)
	var hands []*telegramtest.Place
	if feed.Private {
		feed.Owner = strconv.FormatInt(id, 10)
		hands = append(hands, c.telegram.Private(id, string(feed.Lang)))
	} else {
		feed.Kind, id = "group", -id
		hands = append(hands, c.telegram.Group(id, true))
		if i%100 == 50 {
			hands = append(hands, hands[0].Migrate(id-1_000_000_000))
		}
	}
	if one.blocked {
		hands[0].Block()
	}
	one.got = func() (got []string) {
		for _, hand := range hands {
			for _, m := range hand.Sent() {
				got = append(got, m.Text)
			}
		}
		return got
	}
	return bot.NewAddress(telegram.Name, strconv.FormatInt(id, 10), "")
}

func (c *campaign) onDiscord(i int, feed *flows.Feed, one *receiver) bot.Address {
	user := strconv.Itoa(20_000_000 + i)
	var place bot.Address
	var channel string
	if feed.Private {
		feed.Owner = user
		channel = c.discord.Open(user).Channel
		place = bot.NewAddress(discord.Name, channel, "")
		if one.blocked {
			c.discord.Block(user)
		}
	} else {
		server := "3" + user
		channel = "4" + user
		feed.Kind, feed.Spot = "server", channel
		c.discord.Has(server, 48*time.Hour, channel)
		place = bot.NewAddress(discord.Name, server, channel)
		if one.blocked {
			c.discord.Removed(server)
		}
	}
	one.got = func() (got []string) {
		for _, m := range c.discord.In(channel) {
			got = append(got, m.Content)
		}
		return got
	}
	return place
}

// id is the announcement's.
var newsID = flows.NewsID(11)

// approve lets the announcement out.
func (c *campaign) approve(change ...func(*flows.Announcement)) {
	c.Helper()
	a := &flows.Announcement{ID: newsID, Texts: newsWords, To: flows.Receivers{Groups: true, People: true}, Stage: flows.Scheduled}
	for _, one := range change {
		one(a)
	}
	a.Approve("lan")
	if ok, err := c.store.SaveAnnouncement(c.Context(), flows.Moderator{Key: "lan"}, a, "", "sent"); err != nil || !ok {
		c.Fatalf("approved %v: %v", ok, err)
	}
}

// begin starts so many replicas.
func (c *campaign) begin(replicas int) {
	for range replicas {
		c.replicas = append(c.replicas, startReplica(c.T, c.scale, c.from, c.settings))
	}
}

// kill ends replicas as a power cut would; others take their places.
func (c *campaign) kill(which ...int) {
	began := time.Now()
	for _, i := range which {
		c.replicas[i].kill()
		c.killed++
	}
	before := c.calls()
	for _, i := range which {
		c.replicas[i] = startReplica(c.T, c.scale, c.from, c.settings)
	}
	if len(which) == len(c.replicas) {
		c.again(began, before)
	}
}

// again waits until the platforms are called again and notes the outage.
func (c *campaign) again(began time.Time, before int) {
	c.Helper()
	c.replicas[0].await("the sending to go on", 90*time.Second, func() bool { return c.calls() > before+5 })
	c.outages = append(c.outages, limits.Span{From: began, Till: time.Now().Add(time.Second)})
}

func (c *campaign) restartRedis(signal syscall.Signal) {
	began := time.Now()
	_ = c.redis.Process.Signal(signal)
	<-c.redis.ended
	before := c.calls()
	c.startRedis("always")
	c.again(began, before)
}

func (c *campaign) calls() (n int) {
	for _, gate := range c.gates {
		n += gate.Calls()
	}
	return n
}

// patience is how long a step may take before it is taken for stuck.
func (c *campaign) patience() time.Duration {
	if len(c.people) > 2000 {
		return 20 * time.Minute
	}
	return 2 * time.Minute
}

// until waits until a part of the receivers was called.
func (c *campaign) until(part float64) {
	c.Helper()
	want := int(part * float64(len(c.people)))
	c.replicas[0].await(fmt.Sprintf("%d calls", want), c.patience(), func() bool { return c.calls() >= want })
}

func (c *campaign) announcement() *flows.Announcement {
	a, _, err := c.store.Announcement(context.Background(), newsID)
	if err != nil || a == nil {
		return &flows.Announcement{}
	}
	return a
}

// TestAnnouncementReachesAll: kills, restarts and faults of every kind, and yet
// everybody gets it once, at the pace that the platforms allow.
func TestAnnouncementReachesAll(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	c := newCampaign(t, *speed)
	c.enlist(*recipients)
	c.store.Pace(t.Context(), telegram.Name, outbox.Limit{Most: 1, Window: time.Second}, 1, 0) // the scripts are known
	c.redisConfig("appendfsync", "always")
	faults := limits.Options{Seed: 1, Throttled: 0.01, Held: 2 / float64(*recipients), Broken: 0.005, Cut: 0.003}
	c.gates[telegram.Name], c.gates[discord.Name] = c.telegram.Enforce(c.scale, faults), c.discord.Enforce(c.scale, faults)
	watcher := c.telegram.Private(5, "en")
	c.watch(bot.NewAddress(telegram.Name, "5", ""))
	c.approve()
	began := time.Now()
	c.begin(2)
	c.until(0.15)
	c.kill(0)
	c.until(0.3)
	c.restartRedis(syscall.SIGKILL)
	c.until(0.45)
	c.kill(0, 1)
	c.until(0.6)
	c.restartRedis(syscall.SIGTERM)
	c.until(0.75)
	c.kill(1)
	c.replicas[0].await("the end", c.patience(), func() bool { return c.announcement().Stage == flows.Done })
	t.Logf("%d in %v, %d processes killed", len(c.people), time.Since(began).Round(time.Second), c.killed)
	c.checkOnce()
	for name, gate := range c.gates {
		c.checkPace(name, gate.Ledger())
	}
	// A kill or a cut may come before it is kept which message it is.
	most := 1 + c.killed + c.gates[telegram.Name].Ledger().Cuts
	if shown := watcher.Sent(); len(shown) == 0 || len(shown) > most {
		t.Errorf("the progress stands in %d messages, want 1 to %d", len(shown), most)
	}
}

func (c *campaign) redisConfig(name, value string) {
	client := redis.NewClient(&redis.Options{Addr: c.address})
	defer client.Close()
	if err := client.ConfigSet(c.Context(), name, value).Err(); err != nil {
		c.Fatal(err)
	}
}

// flying is how many calls a process has on their way to a platform at most.
const flying = 8

// checkOnce compares what stands in the chats with what the report says.
func (c *campaign) checkOnce() {
	c.Helper()
	progress, err := c.store.Progress(c.Context(), c.announcement(), []bot.Name{telegram.Name, discord.Name})
	if err != nil {
		c.Fatal(err)
	}
	tally := map[bot.Name]map[string]int{telegram.Name: {}, discord.Name: {}}
	for _, one := range progress.Tallies {
		tally[bot.Name(one.Platform)][one.Outcome] += one.N
	}
	arrived, blocked, missing := map[bot.Name]int{}, map[bot.Name]int{}, map[bot.Name]int{}
	for i, one := range c.people {
		got := one.got()
		switch {
		case len(got) > 1:
			c.Errorf("receiver %d on %s got it %d times", i, one.platform, len(got))
		case len(got) == 1 && !strings.HasPrefix(strings.TrimSpace(got[0]), newsWords[one.lang]):
			c.Errorf("receiver %d, %s, got %q", i, one.lang, got[0])
		case len(got) == 1:
			arrived[one.platform]++
		case one.blocked:
			blocked[one.platform]++
		default:
			missing[one.platform]++
		}
	}
	cuts := c.gates[telegram.Name].Ledger().Cuts
	if bound := cuts + c.killed*flying; tally[telegram.Name][flows.OutUncertain] > bound || tally[discord.Name][flows.OutUncertain] > 0 {
		c.Errorf("uncertain: %v, at most %d on Telegram and none on Discord", tally, bound)
	}
	for name, counts := range tally {
		c.Logf("%s: %v; arrived %d, blocked %d, neither %d", name, counts, arrived[name], blocked[name], missing[name])
		uncertain := counts[flows.OutUncertain]
		if counts[flows.OutSkipped]+counts[flows.OutFailed] > 0 || missing[name] > uncertain || counts[flows.OutWiped]+counts[flows.OutRefused] > blocked[name] ||
			counts[flows.OutSent] > arrived[name] || arrived[name] > counts[flows.OutSent]+uncertain {
			c.Errorf("%s: the report says %v", name, counts)
		}
	}
	if progress.All != len(c.people) || progress.Ended() != len(c.people) || progress.Left != 0 {
		c.Errorf("%d of %d ended, %d left", progress.Ended(), progress.All, progress.Left)
	}
	c.Logf("of the uncertain on Telegram %d are cuts, the others were in flight at %d kills", cuts, c.killed)
}

// checkPace looks at how a platform was called while it could be called.
func (c *campaign) checkPace(name bot.Name, l limits.Ledger) {
	c.Helper()
	slices.SortFunc(l.Calls, time.Time.Compare)
	first, last := l.Calls[0], l.Calls[len(l.Calls)*9/10]
	pauses := slices.Clone(c.outages)
	for _, hold := range l.Holds {
		pauses = append(pauses, limits.Span{From: hold.From, Till: hold.Till.Add(1200 * time.Millisecond)})
	}
	running, made := last.Sub(first).Seconds(), 0
	for at := first; at.Before(last); at = at.Add(time.Millisecond) {
		if within(pauses, at) {
			running -= 0.001
		}
	}
	for _, at := range l.Calls {
		if at.After(first) && !at.After(last) && !within(pauses, at) {
			made++
		}
	}
	limit := map[bot.Name]float64{telegram.Name: 30, discord.Name: 50}[name] * c.scale
	share := float64(made) / running / limit
	c.Logf("%s: %d calls, share %.3f of %.0f/s over %.0f s of running; 429s: %d own, %d by chance, %d calls too early; %d holds, %d broken, %d cuts",
		name, len(l.Calls), share, limit, running, l.Own, l.Chance, l.Disobeyed, len(l.Holds), l.Broken, l.Cuts)
	c.Logf("%s: any second and %v hold no more than %.0f calls", name, spare(l.Calls, int(limit)).Round(time.Microsecond), limit)
	tells := running >= 60 // in a shorter time the leases of the dead are most of it
	if l.Disobeyed > 0 || tells && (share < 0.97 || l.Own > 0) {
		c.Errorf("%s: share %.3f, %d own 429s, %d calls too early", name, share, l.Own, l.Disobeyed)
	}
}

// spare is how much longer than a second a window may be and still never hold more
// than so many calls.
func spare(calls []time.Time, most int) time.Duration {
	least := time.Hour
	for i := most; i < len(calls); i++ {
		least = min(least, calls[i].Sub(calls[i-most])-time.Second)
	}
	return least
}

func within(spans []limits.Span, at time.Time) bool {
	return slices.ContainsFunc(spans, func(s limits.Span) bool { return !at.Before(s.From) && at.Before(s.Till) })
}
