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
	"maps"
	"slices"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

//go:embed scripts/people.lua
var peopleSource string

var peopleScript = redis.NewScript(peopleSource)

// A member is a moderator as they are sealed: with the address that approvals and
// progress are told to.
type member struct {
	Platform bot.Name   `json:"p"`
	Chat     string     `json:"c"`
	Lang     string     `json:"l"`
	Role     flows.Role `json:"r"` // by invitation; empty: none
	Label    string     `json:"n,omitempty"`
	Since    int64      `json:"s"`

	owner bool // by the settings
}

// role is what a member may do now: an owner who is named in the settings no more
// has the role they were once invited to, or none.
func (m member) role() flows.Role {
	if m.owner {
		return flows.RoleOwner
	}
	return m.Role
}

// moderatorKey names a moderator without saying who it is.
func (k keyring) moderator(p bot.Person) string {
	return base64.RawURLEncoding.EncodeToString(k.hash("moderator", string(p.Platform()), p.ID())[:9])
}

// members reads all moderators.
func (s *Store) members(ctx context.Context) (map[string]member, error) {
	members, err := s.everMembers(ctx)
	maps.DeleteFunc(members, func(_ string, m member) bool { return m.role() == "" })
	return members, err
}

// everMembers reads those who were removed as well: they have no role. Owners are
// those of the settings and no others: they count before they ever wrote, and no
// longer than they are named there.
func (s *Store) everMembers(ctx context.Context) (map[string]member, error) {
	sealed, err := s.client.HGetAll(ctx, peopleKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read the moderators: %w", err)
	}
	members := make(map[string]member, len(sealed))
	for key, value := range sealed {
		members[key] = s.openMember(value)
	}
	for _, owner := range s.owners {
		key := s.keys.moderator(owner)
		m := members[key]
		m.Platform, m.owner = owner.Platform(), true
		members[key] = m
	}
	return members, nil
}

// endApprovals ends those of what has not begun, given by somebody who was removed
// since, came back or not: somebody else has to agree.
func (s *Store) endApprovals(ctx context.Context, all ...*flows.Announcement) error {
	if !slices.ContainsFunc(all, func(a *flows.Announcement) bool { return a.Stage == flows.Scheduled }) {
		return nil
	}
	members, err := s.everMembers(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		m, known := members[a.Approval.By]
		if a.Stage == flows.Scheduled && known && (!m.role().Writes() || m.Since > a.Approval.At) {
			a.Stage, a.Approval = flows.Waiting, flows.Approval{}
		}
	}
	return nil
}

// Voices is how many moderators may approve, owners by the settings included.
func (s *Store) Voices(ctx context.Context) (int, error) {
	members, err := s.members(ctx)
	n := 0
	for _, m := range members {
		if m.role().Writes() {
			n++
		}
	}
	return n, err
}

// openMember is a member as they are kept; one that cannot be read has no role.
func (s *Store) openMember(sealed string) member {
	var m member
	plain, err := s.seals.open(peopleKey, sealed)
	if err != nil || json.Unmarshal(plain, &m) != nil {
		s.dropped.Add(1)
		return member{}
	}
	return m
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
func (s *Store) putMember(ctx context.Context, key string, m member) error {
	sealed, err := s.sealMember(m)
	if err != nil {
		return err
	}
	err = s.client.Watch(ctx, func(tx *redis.Tx) error {
		now, err := tx.HGet(ctx, peopleKey, key).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
		if !m.owner && s.openMember(now).Role == "" {
			return nil
		}
		_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
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
func (s *Store) Join(ctx context.Context, ask bot.DeskAsk, code string) (flows.Role, error) {
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
	m.Platform, m.Chat, m.Lang, m.Since = ask.Person.Platform(), ask.Place.Chat(), cmp.Or(ask.Lang, string(i18n.Fallback)), s.now().Unix()
	value, err := s.sealMember(m)
	if err != nil {
		return "", err
	}
	key := s.keys.moderator(ask.Person)
	done, err := s.changePeople(ctx, flows.Moderator{Key: key, Role: m.Role, Label: m.Label}, key, value, "joined as "+string(m.Role), invitation)
	if err != nil || !done {
		return "", err
	}
	return m.Role, nil
}

// Dismiss takes a moderator's role away. That they were one is kept, without a name
// or an address: it ends what they approved.
func (s *Store) Dismiss(ctx context.Context, by flows.Moderator, key string) error {
	gone, err := s.sealMember(member{})
	if err != nil {
		return err
	}
	_, err = s.changePeople(ctx, by, key, gone, "removed", "")
	return err
}

// Colleagues lists where all who may approve, but one, write from.
func (s *Store) Colleagues(ctx context.Context, but string) ([]bot.Colleague, error) {
	members, err := s.members(ctx)
	if err != nil {
		return nil, err
	}
	var all []bot.Colleague
	for key, m := range members {
		if key != but && m.Chat != "" && m.role().Writes() {
			all = append(all, bot.Colleague{Key: key, Place: bot.NewAddress(m.Platform, m.Chat, ""), Lang: m.Lang})
		}
	}
	return all, nil
}
