package discord

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
	"notalone/flows"
)

// writesInThreads is a permission that discordgo does not name.
const writesInThreads = 1 << 38

// server is what decides about rights in a server.
type server struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	System string `json:"system_channel_id"`
	Roles  []struct {
		ID          string `json:"id"`
		Permissions bits   `json:"permissions"`
	} `json:"roles"`

	mine []string // roles of the bot
	self string
}

// channel is a channel of a server, as far as rights go.
type channel struct {
	ID        string                `json:"id"`
	Type      discordgo.ChannelType `json:"type"`
	Guild     string                `json:"guild_id"`
	Parent    string                `json:"parent_id"`
	Position  int                   `json:"position"`
	Overrides []struct {
		ID    string `json:"id"`
		Allow bits   `json:"allow"`
		Deny  bits   `json:"deny"`
	} `json:"permission_overwrites"`
}

// bits are permissions, which Discord writes as a string.
type bits int64

// UnmarshalJSON implements json.Unmarshaler.
func (b *bits) UnmarshalJSON(raw []byte) error {
	text, err := strconv.Unquote(string(raw))
	if err != nil {
		return errMalformed
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errMalformed
	}
	*b = bits(n)
	return nil
}

// server reads a server and the bot's own roles in it.
func (a *Adapter) server(ctx context.Context, id string) (*server, error) {
	g := &server{self: a.gateway.self.Load().user}
	if err := a.rest.get(ctx, "guilds/"+id, g); err != nil {
		return nil, err
	}
	var me struct {
		Roles []string `json:"roles"`
	}
	if err := a.rest.get(ctx, "guilds/"+id+"/members/"+g.self, &me); err != nil {
		return nil, err
	}
	g.mine = me.Roles
	return g, nil
}

// can computes what the bot may do in a channel, as Discord does: what its roles
// give, then what the channel denies and allows everybody, its roles and itself.
func (g *server) can(c *channel) bits {
	var may bits
	for _, role := range g.Roles {
		if role.ID == g.ID || slices.Contains(g.mine, role.ID) {
			may |= role.Permissions
		}
	}
	if may&discordgo.PermissionAdministrator != 0 {
		return ^bits(0)
	}
	for _, applies := range []func(id string) bool{
		func(id string) bool { return id == g.ID },
		func(id string) bool { return id != g.ID && slices.Contains(g.mine, id) },
		func(id string) bool { return id == g.self },
	} {
		var allow, deny bits
		for _, o := range c.Overrides {
			if applies(o.ID) {
				allow, deny = allow|o.Allow, deny|o.Deny
			}
		}
		may = may&^deny | allow
	}
	return may
}

// mayWrite reports whether the bot may see a channel and write there.
func (g *server) mayWrite(c *channel) bool {
	const needed = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages
	return g.can(c)&needed == needed
}

// Lacks implements bot.Adapter.
func (a *Adapter) Lacks(ctx context.Context, place bot.Address) ([]flows.Lack, error) {
	if place.Thread() == "" {
		return nil, nil
	}
	var c channel
	err := a.rest.get(ctx, "channels/"+place.Thread(), &c)
	if code := codeOf(err); code == missingAccess || code == unknownChannel {
		return []flows.Lack{flows.LackView}, nil
	}
	if err != nil {
		return nil, err
	}
	g, err := a.server(ctx, place.Chat())
	if err != nil {
		return nil, err
	}
	write, lack := bits(discordgo.PermissionSendMessages), flows.LackWrite
	if isThread(c.Type) {
		write, lack = writesInThreads, flows.LackThread
		if err := a.rest.get(ctx, "channels/"+c.Parent, &c); err != nil {
			return nil, err
		}
	}
	var lacks []flows.Lack
	may := g.can(&c)
	if may&discordgo.PermissionViewChannel == 0 {
		lacks = append(lacks, flows.LackView)
	}
	if may&write == 0 {
		lacks = append(lacks, lack)
	}
	return lacks, nil
}

func isThread(kind discordgo.ChannelType) bool {
	return kind == discordgo.ChannelTypeGuildNewsThread || kind == discordgo.ChannelTypeGuildPublicThread || kind == discordgo.ChannelTypeGuildPrivateThread
}

// Alert implements bot.Adapter: in another channel of the server, where whoever
// manages it looks for news of it.
func (a *Adapter) Alert(ctx context.Context, place bot.Address, page func(name string) *flows.Page) error {
	g, err := a.server(ctx, place.Chat())
	if err != nil {
		return err
	}
	to, err := a.front(ctx, g, place.Thread())
	if err != nil {
		return err
	}
	_, err = a.say(ctx, place.At(to), a.render(page(g.Name)), "dc:alert:"+to)
	return repeatable(err)
}

// front is the channel of a server for what concerns all of it: the one Discord
// writes to itself, else the first in which the bot may write.
func (a *Adapter) front(ctx context.Context, g *server, without string) (string, error) {
	var list []channel
	if err := a.rest.get(ctx, "guilds/"+g.ID+"/channels", &list); err != nil {
		return "", err
	}
	slices.SortFunc(list, func(x, y channel) int {
		return cmp.Or(-compare(x.ID == g.System, y.ID == g.System), cmp.Compare(x.Position, y.Position), cmp.Compare(x.ID, y.ID))
	})
	for i := range list {
		if c := &list[i]; c.Type == discordgo.ChannelTypeGuildText && c.ID != without && isID(c.ID) && g.mayWrite(c) {
			return c.ID, nil
		}
	}
	return "", refusal("find a channel to write in")
}

func compare(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// greet answers a server that the bot was added to, in its front channel.
func (a *Adapter) greet(ctx context.Context, ev *bot.Event, fields []byte, nonce string) (bot.Sent, error) {
	g, err := a.server(ctx, ev.Place.Chat())
	if err != nil {
		return bot.Sent{}, err
	}
	to, err := a.front(ctx, g, "")
	if err != nil {
		return bot.Sent{}, err
	}
	return a.say(ctx, ev.Place.At(to), fields, nonce)
}
