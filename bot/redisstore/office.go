package redisstore

import (
	"cmp"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

//go:embed scripts/announce.lua
var announceSource string

//go:embed scripts/people.lua
var peopleSource string

var (
	announceScript = redis.NewScript(announceSource)
	peopleScript   = redis.NewScript(peopleSource)
)

var _ bot.Office = (*Store)(nil)

// deskShows is how many announcements a desk lists.
const deskShows = 40

// A member is a moderator as they are sealed: with the address that approvals and
// progress are told to.
type member struct {
	Platform bot.Name   `json:"p"`
	Chat     string     `json:"c"`
	Lang     string     `json:"l"`
	Role     flows.Role `json:"r"`
	Label    string     `json:"n,omitempty"`
	Since    int64      `json:"s"`
}

// moderatorKey names a moderator without saying who it is.
func (k keyring) moderator(p bot.Person) string {
	return base64.RawURLEncoding.EncodeToString(k.hash("moderator", string(p.Platform()), p.ID())[:9])
}

// Desk reads who asks, all moderators, the latest announcements and, if one is
// named, how it stands and whom it can reach.
func (s *Store) Desk(ctx context.Context, ask bot.DeskAsk) (*flows.Desk, error) {
	members, err := s.members(ctx, ask.Owners)
	if err != nil {
		return nil, err
	}
	key := s.keys.moderator(ask.Person)
	mine, known := members[key]
	desk := &flows.Desk{}
	if !known {
		return desk, nil
	}
	if mine, err = s.noteMember(ctx, key, mine, ask); err != nil {
		return nil, err
	}
	members[key] = mine
	for k, m := range members {
		desk.Members = append(desk.Members, flows.Moderator{Key: k, Role: m.Role, Label: m.Label, Since: m.Since})
	}
	slices.SortFunc(desk.Members, func(a, b flows.Moderator) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Key, b.Key))
	})
	desk.Me = flows.Moderator{Key: key, Role: mine.Role, Label: mine.Label, Since: mine.Since, Lang: mine.Lang}
	return desk, s.fillDesk(ctx, desk, ask.ID)
}

// noteMember keeps where a moderator writes from and in which language they are
// told of approvals; of an owner by the settings, that is all that is known.
func (s *Store) noteMember(ctx context.Context, key string, m member, ask bot.DeskAsk) (member, error) {
	fresh := m
	fresh.Chat, fresh.Lang, fresh.Since = ask.Place.Chat(), cmp.Or(ask.Lang, m.Lang), cmp.Or(m.Since, s.now().Unix())
	if fresh == m {
		return m, nil
	}
	return fresh, s.putMember(ctx, key, fresh, slices.Contains(ask.Owners, ask.Person))
}

func (s *Store) fillDesk(ctx context.Context, desk *flows.Desk, id string) error {
	var err error
	if desk.Recent, err = s.Announcements(ctx, deskShows); err != nil || id == "" {
		return err
	}
	if desk.One, desk.Version, err = s.Announcement(ctx, id); err != nil || desk.One == nil {
		return err
	}
	platforms, err := s.Platforms(ctx)
	if err != nil {
		return err
	}
	if desk.Reach, err = s.Reach(ctx, platforms); err != nil {
		return err
	}
	if desk.Progress, err = s.Progress(ctx, desk.One.Sent(), platforms); err != nil || desk.One.Undo.Round == 0 {
		return err
	}
	desk.Undone, err = s.Progress(ctx, desk.One, platforms)
	return err
}

// Announcements reads the latest ones, newest first.
func (s *Store) Announcements(ctx context.Context, most int) ([]*flows.Announcement, error) {
	ids, err := s.client.ZRevRange(ctx, indexKey, 0, int64(most)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("list announcements: %w", err)
	}
	return s.readAnnouncements(ctx, ids, func(*flows.Announcement, string) {})
}

// readAnnouncements reads those that are there; of the others the ids are dropped.
func (s *Store) readAnnouncements(ctx context.Context, ids []string, each func(*flows.Announcement, string)) ([]*flows.Announcement, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = announcementKey + id
	}
	values, err := s.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, fmt.Errorf("read announcements: %w", err)
	}
	var all []*flows.Announcement
	for i, value := range values {
		sealed, ok := value.(string)
		if !ok { // its life ran out
			if err := errors.Join(s.client.ZRem(ctx, indexKey, ids[i]).Err(), s.client.SRem(ctx, liveKey, ids[i]).Err()); err != nil {
				return nil, fmt.Errorf("drop an old announcement: %w", err)
			}
			continue
		}
		if a := s.openAnnouncement(keys[i], sealed); a != nil {
			all = append(all, a)
			each(a, version(sealed))
		}
	}
	return all, nil
}

func (s *Store) openAnnouncement(key, sealed string) *flows.Announcement {
	plain, err := s.seals.open(key, sealed)
	a := &flows.Announcement{}
	if err != nil || json.Unmarshal(plain, a) != nil {
		s.dropped.Add(1)
		return nil
	}
	return a
}

// Announcement reads one and its version; nil if there is none.
func (s *Store) Announcement(ctx context.Context, id string) (*flows.Announcement, string, error) {
	sealed, err := s.client.Get(ctx, announcementKey+id).Result()
	if errors.Is(err, redis.Nil) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read an announcement: %w", err)
	}
	return s.openAnnouncement(announcementKey+id, sealed), version(sealed), nil
}

// SaveAnnouncement stores an announcement with its log entry.
func (s *Store) SaveAnnouncement(ctx context.Context, by flows.Moderator, a *flows.Announcement, version, act string) (bool, error) {
	a.Changed = s.now().Unix()
	plain, err := json.Marshal(a)
	if err != nil {
		return false, fmt.Errorf("encode an announcement: %w", err)
	}
	life, live := flows.KeepDrafted, 0
	if a.Started > 0 {
		life = flows.KeepAnnounce
	}
	if a.Live() {
		live, life = 1, flows.KeepAnnounce
	}
	key := announcementKey + a.ID
	sealed := s.seals.seal(key, plain)
	for range settleTries {
		entry, after, err := s.nextEntry(ctx, by, act, a.ID, a.Hash())
		if err != nil {
			return false, err
		}
		done, err := announceScript.Run(ctx, s.client, []string{key, indexKey, liveKey, logKey},
			version, sealed, life.Milliseconds(), a.ID, a.Changed, live, after, entry, keptEntries).Int()
		if err != nil {
			return false, fmt.Errorf("store an announcement: %w", err)
		}
		if done == 1 {
			return true, nil
		}
		if _, now, err := s.Announcement(ctx, a.ID); err != nil || now != version {
			return false, err
		}
	}
	return false, errOutrun
}

// Platforms lists the platforms that are served by any process.
func (s *Store) Platforms(ctx context.Context) ([]bot.Name, error) {
	names, err := s.client.SMembers(ctx, platformsKey).Result()
	if err != nil {
		return nil, fmt.Errorf("list the platforms: %w", err)
	}
	slices.Sort(names)
	platforms := make([]bot.Name, len(names))
	for i, name := range names {
		platforms[i] = bot.Name(name)
	}
	return platforms, nil
}

// platformsKey is a set: the platforms that were ever served.
const platformsKey = "na:{news}:platforms"

// ServePlatforms notes which platforms there are: whoever has none of them at
// hand can count their receivers all the same.
func (s *Store) ServePlatforms(ctx context.Context, names ...bot.Name) error {
	for _, name := range names {
		if err := s.client.SAdd(ctx, platformsKey, string(name)).Err(); err != nil {
			return fmt.Errorf("note a platform: %w", err)
		}
	}
	return nil
}

// Reach counts everybody who takes news, by language, country and kind.
func (s *Store) Reach(ctx context.Context, platforms []bot.Name) ([]flows.Reached, error) {
	pipe := s.client.Pipeline()
	counts := map[bot.Name][]*redis.MapStringStringCmd{}
	for _, platform := range platforms {
		for shard := range shards {
			counts[platform] = append(counts[platform], pipe.HGetAll(ctx, shardOf(platform, shard)+"reach"))
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("count whom news reach: %w", err)
	}
	var reach []flows.Reached
	for _, platform := range platforms {
		classes := map[string]int{}
		for _, shard := range counts[platform] {
			for class, value := range shard.Val() {
				n, _ := strconv.Atoi(value)
				classes[class] += n
			}
		}
		for class, n := range classes {
			reach = append(reach, flows.Reached{Platform: string(platform), Class: *ofClass(class), N: n})
		}
	}
	slices.SortFunc(reach, func(a, b flows.Reached) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Class.Lang, b.Class.Lang), cmp.Compare(a.Class.Country, b.Class.Country), cmp.Compare(a.Class.Kind, b.Class.Kind))
	})
	return reach, nil
}

// members reads all moderators; owners by the settings are among them even if
// they never wrote.
func (s *Store) members(ctx context.Context, owners []bot.Person) (map[string]member, error) {
	sealed, err := s.client.HGetAll(ctx, peopleKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read the moderators: %w", err)
	}
	members := make(map[string]member, len(sealed))
	for key, value := range sealed {
		var m member
		plain, err := s.seals.open(peopleKey, value)
		if err != nil || json.Unmarshal(plain, &m) != nil {
			s.dropped.Add(1)
			continue
		}
		members[key] = m
	}
	for _, owner := range owners {
		key := s.keys.moderator(owner)
		m := members[key]
		m.Platform, m.Role = owner.Platform(), flows.RoleOwner
		members[key] = m
	}
	return members, nil
}

// Voices is how many moderators may approve, owners by the settings included.
func (s *Store) Voices(ctx context.Context, owners []bot.Person) (int, error) {
	members, err := s.members(ctx, owners)
	n := 0
	for _, m := range members {
		if m.Role.Writes() {
			n++
		}
	}
	return n, err
}

func (s *Store) sealMember(m member) (string, error) {
	plain, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("encode a moderator: %w", err)
	}
	return s.seals.seal(peopleKey, plain), nil
}

// putMember keeps where a moderator writes from, unless the list of moderators is
// changed meanwhile: whoever is being removed does not come back that way.
func (s *Store) putMember(ctx context.Context, key string, m member, owner bool) error {
	sealed, err := s.sealMember(m)
	if err != nil {
		return err
	}
	err = s.client.Watch(ctx, func(tx *redis.Tx) error {
		if is, err := tx.HExists(ctx, peopleKey, key).Result(); err != nil || !is && !owner {
			return err
		}
		_, err := tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
			pipe.HSet(ctx, peopleKey, key, sealed)
			return nil
		})
		return err
	}, peopleKey)
	if err != nil && !errors.Is(err, redis.TxFailedErr) {
		return fmt.Errorf("keep where a moderator writes from: %w", err)
	}
	return nil
}

// changePeople changes one moderator with its log entry; false if an invitation
// that must be there is gone.
func (s *Store) changePeople(ctx context.Context, by flows.Moderator, key, value, act, invitation string) (bool, error) {
	must := 0
	if invitation != "" {
		must = 1
	}
	for range settleTries {
		entry, after, err := s.nextEntry(ctx, by, act, key, "")
		if err != nil {
			return false, err
		}
		done, err := peopleScript.Run(ctx, s.client, []string{peopleKey, logKey, inviteKey + invitation}, key, value, after, entry, keptEntries, must).Int()
		if err != nil {
			return false, fmt.Errorf("change the moderators: %w", err)
		}
		if done != outrun {
			return done == stored, nil
		}
	}
	return false, errOutrun
}

// Invite makes an invitation that is good once and for a day.
func (s *Store) Invite(ctx context.Context, by flows.Moderator, role flows.Role, label string) (string, error) {
	code := rand.Text()
	plain, err := json.Marshal(member{Role: role, Label: label})
	if err != nil {
		return "", fmt.Errorf("encode an invitation: %w", err)
	}
	key := inviteKey + s.invitation(code)
	if err := s.client.Set(ctx, key, s.seals.seal(key, plain), flows.KeepInvite).Err(); err != nil {
		return "", fmt.Errorf("keep an invitation: %w", err)
	}
	_, err = s.changePeople(ctx, by, label, "=", "invited as "+string(role), "")
	return code, err
}

func (s *Store) invitation(code string) string {
	return base64.RawURLEncoding.EncodeToString(s.keys.hash("invite", code)[:16])
}

// Join makes whoever has an invitation a moderator, once.
func (s *Store) Join(ctx context.Context, person bot.Person, place bot.Address, code string) (flows.Role, error) {
	invitation := s.invitation(code)
	sealed, err := s.client.Get(ctx, inviteKey+invitation).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read an invitation: %w", err)
	}
	var m member
	plain, err := s.seals.open(inviteKey+invitation, sealed)
	if err != nil || json.Unmarshal(plain, &m) != nil {
		s.dropped.Add(1)
		return "", nil //nolint:nilerr // a damaged invitation counts as none
	}
	m.Platform, m.Chat, m.Lang, m.Since = person.Platform(), place.Chat(), string(i18n.Fallback), s.now().Unix()
	value, err := s.sealMember(m)
	if err != nil {
		return "", err
	}
	key := s.keys.moderator(person)
	done, err := s.changePeople(ctx, flows.Moderator{Key: key, Role: m.Role, Label: m.Label}, key, value, "joined as "+string(m.Role), invitation)
	if err != nil || !done {
		return "", err
	}
	return m.Role, nil
}

// Dismiss takes a moderator's role away.
func (s *Store) Dismiss(ctx context.Context, by flows.Moderator, key string) error {
	_, err := s.changePeople(ctx, by, key, "", "removed", "")
	return err
}

// Colleagues lists where all moderators but one write from.
func (s *Store) Colleagues(ctx context.Context, but string) ([]bot.Colleague, error) {
	members, err := s.members(ctx, nil)
	if err != nil {
		return nil, err
	}
	var all []bot.Colleague
	for key, m := range members {
		if key != but && m.Chat != "" {
			all = append(all, bot.Colleague{Place: bot.NewAddress(m.Platform, m.Chat, ""), Lang: m.Lang})
		}
	}
	return all, nil
}
