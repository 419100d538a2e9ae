package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"

	"notalone/bot"
	"notalone/bot/discord"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/flows/check"
)

// config is the environment. README's table is made from the same names.
type config struct {
	TelegramToken         string `env:"TELEGRAM_BOT_TOKEN"`
	TelegramAPI           string `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	TelegramWebhookURL    string `env:"TELEGRAM_WEBHOOK_URL"`
	TelegramWebhookSecret string `env:"TELEGRAM_WEBHOOK_SECRET"`
	DiscordToken          string `env:"DISCORD_BOT_TOKEN"`
	DiscordAPI            string `env:"DISCORD_API_URL" envDefault:"https://discord.com"`
	RedisURL              string `env:"REDIS_URL"`
	Key                   string `env:"NOTALONE_KEY"`
	HTTPAddr              string `env:"HTTP_ADDR" envDefault:"127.0.0.1:8080"`
	OperatorName          string `env:"OPERATOR_NAME"`
	OperatorContact       string `env:"OPERATOR_CONTACT"`
	ContentDir            string `env:"CONTENT_DIR"`
	Moderators            string `env:"MODERATORS"`
	AnnounceLinks         string `env:"ANNOUNCE_LINKS"`
	AnnounceApproval      string `env:"ANNOUNCE_APPROVAL" envDefault:"on"`
	LogLevel              string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat             string `env:"LOG_FORMAT" envDefault:"text"`

	secret []byte
	owners []bot.Person
	links  []string
	level  slog.Level
}

// secrets may also be given as NAME_FILE, the path of a mounted file.
var secrets = []string{"TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "DISCORD_BOT_TOKEN", "REDIS_URL", "NOTALONE_KEY"}

// readConfig reads and checks the environment. An error is one line that names
// the variable and never its value.
func readConfig(environ []string) (*config, error) {
	vars := env.ToMap(environ)
	for _, name := range secrets {
		path := vars[name+"_FILE"]
		if path == "" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%w: %s_FILE: cannot read the file it names", errUsage, name)
		}
		vars[name] = strings.TrimSpace(string(data))
	}
	c := &config{}
	if err := env.ParseWithOptions(c, env.Options{Environment: vars}); err != nil {
		return nil, fmt.Errorf("%w: the environment cannot be read", errUsage)
	}
	return c, c.check()
}

// served reports whether there is a platform to serve.
func (c *config) served() error {
	if c.TelegramToken == "" && c.DiscordToken == "" {
		return fmt.Errorf("%w: TELEGRAM_BOT_TOKEN, DISCORD_BOT_TOKEN: set one of them, or talk to the bot here with: notalone chat", errUsage)
	}
	return nil
}

func (c *config) check() error {
	for _, rule := range []struct {
		name string
		err  error
	}{
		{"TELEGRAM_API_URL", webAddress(c.TelegramAPI, true)},
		{"TELEGRAM_WEBHOOK_URL", c.webhook()},
		{"TELEGRAM_WEBHOOK_SECRET", webhookSecret(c.TelegramWebhookURL, c.TelegramWebhookSecret)},
		{"TELEGRAM_BOT_TOKEN", oneWord(c.TelegramToken)},
		{"DISCORD_API_URL", webAddress(c.DiscordAPI, true)},
		{"DISCORD_BOT_TOKEN", oneWord(c.DiscordToken)},
		{"REDIS_URL", c.redisAddress()},
		{"NOTALONE_KEY", c.readKey()},
		{"HTTP_ADDR", hostPort(c.HTTPAddr)},
		{"OPERATOR_CONTACT", c.operator()},
		{"CONTENT_DIR", folder(c.ContentDir)},
		{"MODERATORS", c.readOwners()},
		{"ANNOUNCE_LINKS", c.readLinks()},
		{"ANNOUNCE_APPROVAL", oneOf(c.AnnounceApproval, "on", "off")},
		{"LOG_LEVEL", c.readLevel()},
		{"LOG_FORMAT", oneOf(c.LogFormat, "text", "json")},
	} {
		if rule.err != nil {
			return fmt.Errorf("%w: %s: %s", errUsage, rule.name, strings.ReplaceAll(rule.err.Error(), "\n", " "))
		}
	}
	return nil
}

func webAddress(address string, required bool) error {
	if address == "" && !required {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("must be an http:// or https:// address")
	}
	return nil
}

// webhook refuses what Telegram would refuse, and a path that cannot be served.
func (c *config) webhook() error {
	if err := webAddress(c.TelegramWebhookURL, false); err != nil || c.TelegramWebhookURL == "" {
		return err
	}
	u, err := url.Parse(c.TelegramWebhookURL)
	if err != nil {
		return err
	}
	if strings.ContainsAny(u.Path, "{} \t") || strings.TrimSuffix(path.Clean("/"+u.Path), "/") != strings.TrimSuffix(u.Path, "/") {
		return fmt.Errorf("must have a plain path, such as /telegram")
	}
	if c.TelegramAPI != telegram.PublicAPI { // a server of one's own takes others too
		return nil
	}
	if u.Scheme != "https" || oneOf(u.Port(), "", "443", "80", "88", "8443") != nil {
		return fmt.Errorf("must be https:// on port 443, 80, 88 or 8443")
	}
	return nil
}

func webhookSecret(address, secret string) error {
	if address == "" {
		return nil
	}
	allowed := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	if len(secret) < 16 || len(secret) > 256 || strings.Trim(secret, allowed) != "" {
		return fmt.Errorf("a webhook needs one of 16 to 256 letters, digits, '_' or '-'")
	}
	return nil
}

func oneWord(token string) error {
	if strings.ContainsAny(token, " \t\r\n/") {
		return fmt.Errorf("has a space, a slash or a line break in it")
	}
	return nil
}

func (c *config) redisAddress() error {
	if c.RedisURL == "" {
		return nil
	}
	client, err := redisstore.Connect(c.RedisURL, redisstore.Patience)
	if err != nil {
		return err
	}
	return client.Close()
}

// readKey asks for the key wherever people's data could outlive this process.
func (c *config) readKey() error {
	if c.Key == "" {
		if c.RedisURL != "" || c.TelegramToken != "" || c.DiscordToken != "" {
			return fmt.Errorf("is required; make one with: notalone keygen")
		}
		c.Key = redisstore.NewSecret()
	}
	secret, err := redisstore.ParseSecret(c.Key)
	c.secret = secret
	return err
}

func (c *config) readLevel() error {
	if c.level.UnmarshalText([]byte(c.LogLevel)) != nil {
		return fmt.Errorf("must be one of debug, info, warn, error")
	}
	return nil
}

// operator asks for somebody to turn to wherever young people use the bot.
func (c *config) operator() error {
	if (c.TelegramToken != "" || c.DiscordToken != "") && c.OperatorContact == "" {
		return fmt.Errorf("is required: /privacy and /about tell people whom to write to")
	}
	return nil
}

// readOwners reads telegram:ID,discord:ID: the first ones who may announce.
func (c *config) readOwners() error {
	for entry := range strings.SplitSeq(c.Moderators, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		person, err := readPerson(entry)
		if err != nil {
			return fmt.Errorf("%w, divided by commas", err)
		}
		c.owners = append(c.owners, person)
	}
	return nil
}

// readPerson reads PLATFORM:ID.
func readPerson(entry string) (bot.Person, error) {
	platform, id, _ := strings.Cut(entry, ":")
	name := bot.Name(platform)
	if name != telegram.Name && name != discord.Name || id == "" || strings.Trim(id, "0123456789") != "" {
		return bot.Person{}, fmt.Errorf("must be %s:ID or %s:ID with the number of an account", telegram.Name, discord.Name)
	}
	return bot.NewPerson(name, id), nil
}

// readLinks reads the hosts that announcements may lead to.
func (c *config) readLinks() error {
	for host := range strings.SplitSeq(c.AnnounceLinks, ",") {
		host = strings.ToLower(strings.TrimSpace(host))
		if host == "" {
			continue
		}
		if strings.ContainsAny(host, "/:*@ ") || !strings.Contains(host, ".") {
			return fmt.Errorf("must be hosts such as example.org, divided by commas")
		}
		c.links = append(c.links, host)
	}
	return nil
}

// operatorOf is who runs this bot and what they allow moderators.
func (c *config) operatorOf() (flows.Operator, error) {
	review, err := check.Reviewer()
	if err != nil {
		return flows.Operator{}, fmt.Errorf("read what must not be said: %w", err)
	}
	return flows.Operator{
		Name: c.OperatorName, Contact: c.OperatorContact,
		News: flows.Newsroom{Links: c.links, Solo: c.AnnounceApproval == "off", Review: review},
	}, nil
}

func hostPort(address string) error {
	_, port, err := net.SplitHostPort(address)
	if _, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil {
		return fmt.Errorf("must be host:port, such as 127.0.0.1:8080")
	}
	return nil
}

func folder(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return fmt.Errorf("is not a folder")
	}
	return nil
}

func oneOf(value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return fmt.Errorf("must be one of %s", strings.Join(allowed, ", "))
}
