package discordtest

import (
	"errors"
	"net/http"
)

// Kinds of interactions and of first answers.
const (
	slashCommand = 2
	pressed      = 3

	answerNew       = 4
	answerLater     = 5
	acknowledge     = 6
	answerInPlace   = 7
	flagEphemeral   = 64
	flagNoEmbeds    = 4
	flagSilent      = 4096
	componentsV2    = 32768
	allowedNew      = flagNoEmbeds | flagSilent | componentsV2
	allowedCallback = allowedNew | flagEphemeral
	allowedEdit     = flagNoEmbeds | componentsV2
)

var errKind = errors.New("this kind of answer does not fit this kind of interaction")

// callback is the first answer to an interaction.
func (s *Server) callback(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[c.PathValue("token")]
	if in == nil || in.ID != c.PathValue("interaction") || !in.answered() && s.now().Sub(in.born) > answerWithin {
		return refused(http.StatusNotFound, 10062, "Unknown interaction")
	}
	if in.answered() {
		return refused(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	}
	kind, _ := c.json["type"].(float64)
	data, _ := c.json["data"].(map[string]any)
	var err error
	switch int(kind) {
	case answerNew:
		err = s.answerNew(in, data)
	case answerLater:
		in.ephemeral = number(data["flags"])&flagEphemeral != 0
	case acknowledge:
		err = in.mustBePress()
		in.original = in.pressed
	case answerInPlace:
		err = s.answerInPlace(in, data)
	default:
		err = errKind
	}
	if err != nil {
		return invalid(err)
	}
	in.first = int(kind)
	s.happened()
	if c.URL.Query().Get("with_response") != "true" {
		return reply{http.StatusNoContent, nil}
	}
	body := map[string]any{"interaction": map[string]any{"id": in.ID, "type": in.kind}}
	if in.original != nil {
		body["resource"] = map[string]any{"type": in.first, "message": in.original.wire()}
	}
	return reply{http.StatusOK, body}
}

func (in *Interaction) mustBePress() error {
	if in.kind != pressed {
		return errKind
	}
	return nil
}

func (s *Server) answerNew(in *Interaction, data map[string]any) error {
	m, err := newMessage(data, allowedCallback)
	if err != nil {
		return err
	}
	if m.Flags&flagEphemeral != 0 {
		m.Only = in.User
	}
	in.original, in.shown = m, true
	s.put(s.in(in.Place), in.Place.Channel, m)
	return nil
}

func (s *Server) answerInPlace(in *Interaction, data map[string]any) error {
	if err := in.mustBePress(); err != nil {
		return err
	}
	if in.pressed.Deleted {
		return errors.New("the message is gone")
	}
	in.original, in.shown = in.pressed, true
	return s.edit(in.pressed, data)
}

// original reads, edits and deletes what an interaction was answered with.
func (s *Server) original(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[c.PathValue("token")]
	switch {
	case in == nil || c.PathValue("app") != App || !in.answered():
		return refused(http.StatusNotFound, 10015, "Unknown Webhook")
	case s.now().Sub(in.born) > tokenLives:
		return refused(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	case in.original != nil && in.original.Deleted:
		return refused(http.StatusNotFound, 10008, "Unknown Message")
	}
	switch c.Method {
	case http.MethodDelete:
		if in.original != nil {
			in.original.Deleted = true
		}
		in.withdrawn = true
		s.happened()
		return reply{http.StatusNoContent, nil}
	case http.MethodPatch:
		if err := s.fill(in, c.json); err != nil {
			return invalid(err)
		}
		in.shown = true
		s.happened()
	}
	if in.original == nil {
		return refused(http.StatusNotFound, 10008, "Unknown Message")
	}
	return reply{http.StatusOK, in.original.wire()}
}

// fill writes into a deferred answer or edits one that stands.
func (s *Server) fill(in *Interaction, data map[string]any) error {
	if in.original != nil {
		return s.edit(in.original, data)
	}
	m, err := newMessage(data, allowedEdit)
	if err != nil {
		return err
	}
	if in.ephemeral {
		m.Only, m.Flags = in.User, m.Flags|flagEphemeral
	}
	in.original = m
	s.put(s.in(in.Place), in.Place.Channel, m)
	return nil
}
