package telegramtest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A query is a press that waits to be acknowledged.
type query struct {
	chat, person int64
	made         time.Time
	answered     bool
	url          string
}

// queryLife is how long a press can be acknowledged.
const queryLife = time.Minute

func (s *Server) method(name string) func(context.Context, params) (any, error) {
	switch name {
	case "getMe":
		return s.getMe
	case "getUpdates":
		return s.getUpdates
	case "setWebhook":
		return s.setWebhook
	case "deleteWebhook":
		return s.deleteWebhook
	case "getWebhookInfo":
		return s.getWebhookInfo
	case "sendMessage":
		return s.sendMessage
	case "sendPhoto":
		return s.sendPhoto
	case "sendDocument":
		return s.sendDocument
	case "editMessageText":
		return s.editMessageText
	case "editMessageCaption":
		return s.editMessageCaption
	case "pinChatMessage":
		return s.pinMessage
	case "editEphemeralMessageText", "deleteEphemeralMessage":
		if s.knowsWhispers() {
			return map[string]func(context.Context, params) (any, error){
				"editEphemeralMessageText": s.editWhisper, "deleteEphemeralMessage": s.deleteWhisper,
			}[name]
		}
		return nil
	case "answerCallbackQuery":
		return s.answerQuery
	case "sendPoll":
		return s.sendPoll
	case "stopPoll":
		return s.stopPoll
	case "getChatMember":
		return s.getChatMember
	case "getChat":
		return s.getChat
	case "getChatAdministrators":
		return s.getChatAdministrators
	case "leaveChat":
		return s.leaveChat
	case "sendChatAction":
		return s.chatAction
	case "deleteMessage", "deleteMessages":
		return s.deleteMessages
	default:
		return s.profile(name)
	}
}

func (s *Server) profile(name string) func(context.Context, params) (any, error) {
	switch name {
	case "setMyCommands":
		return s.setMenu
	case "getMyCommands":
		return s.getMenu
	case "setMyDescription", "setMyShortDescription":
		return func(_ context.Context, p params) (any, error) {
			s.change(func() { s.texts[name[3:]+p.text("language_code")] = p.text(textField(name)) })
			return true, nil
		}
	case "getMyDescription", "getMyShortDescription":
		return func(_ context.Context, p params) (any, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return map[string]string{textField(name): s.texts[name[3:]+p.text("language_code")]}, nil
		}
	default:
		return nil
	}
}

func textField(method string) string {
	if strings.HasSuffix(method, "ShortDescription") {
		return "short_description"
	}
	return "description"
}

func (s *Server) getMe(context.Context, params) (any, error) {
	return map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone", "username": Username, "can_join_groups": true}, nil
}

// Whispers makes the server know messages that one member alone sees, as Bot API
// 10.2 and later do. Before, it ignores their parameters.
func (s *Server) Whispers(known bool) { s.change(func() { s.whispers = known }) }

func (s *Server) knowsWhispers() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.whispers
}

func (s *Server) answerQuery(_ context.Context, p params) (any, error) {
	var err error
	s.change(func() {
		q := s.queries[p.text("callback_query_id")]
		if q == nil || q.answered || time.Since(q.made) > queryLife {
			err = bad("query is too old and response timeout expired or query ID is invalid")
			return
		}
		q.answered, q.url = true, p.text("url")
		if note := p.text("text"); note != "" {
			if utf16Len(note) > 200 {
				err = bad("MESSAGE_TOO_LONG")
				return
			}
			s.script.add("< in passing, to %s: %s", s.name(q.person), note)
		}
		if q.url != "" {
			s.script.add("< opens %s for %s", q.url, s.name(q.person))
		}
	})
	if err != nil {
		return nil, err
	}
	return true, nil
}

func (s *Server) chatAction(_ context.Context, p params) (any, error) {
	if !slices.Contains([]string{"typing", "upload_photo", "upload_document"}, p.text("action")) {
		return nil, bad("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.open(p); err != nil {
		return nil, err
	}
	return true, nil
}

func menuKey(p params) string { return p.text("scope") + p.text("language_code") }

func (s *Server) setMenu(_ context.Context, p params) (any, error) {
	var commands []struct {
		Command, Description string
		Whisper              bool `json:"is_ephemeral"`
	}
	if err := p.object("commands", &commands); err != nil {
		return nil, err
	}
	kept := []map[string]any{}
	for _, c := range commands {
		switch {
		case len(c.Command) < 1 || len(c.Command) > 32 || strings.Trim(c.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
			return nil, bad("BOT_COMMAND_INVALID")
		case c.Description == "" || len([]rune(c.Description)) > 256:
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
		one := map[string]any{"command": c.Command, "description": c.Description}
		if c.Whisper && s.knowsWhispers() {
			one["is_ephemeral"] = true
		}
		kept = append(kept, one)
	}
	if code := p.text("language_code"); code != "" && len(code) != 2 {
		return nil, bad("invalid language code specified")
	}
	encoded, _ := json.Marshal(kept)
	s.change(func() { s.menus[menuKey(p)] = encoded })
	return true, nil
}

func (s *Server) getMenu(_ context.Context, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if menu := s.menus[menuKey(p)]; menu != nil {
		return menu, nil
	}
	return []int{}, nil
}
