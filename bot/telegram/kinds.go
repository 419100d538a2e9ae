package telegram

import (
	"encoding/json"
	"strings"
)

// aside reports whether a part of a message is told about it, or happened in the
// chat: alone it is nothing that a person said. All else may be a new kind of
// message, and nobody is left without an answer.
func aside(key string) bool {
	switch key {
	case "direct_messages_topic", "sender_boost_count", "sender_business_bot", "sender_tag", "guest_query_id", "business_connection_id",
		"external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user",
		"guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "author_signature", "paid_star_count",
		"link_preview_options", "suggested_post_info", "effect_id", "show_caption_above_media", "has_media_spoiler", "reply_markup", "receiver_user":
		return true
	case "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant", "chat_owner_left", "chat_owner_changed",
		"new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
		"message_auto_delete_timer_changed", "pinned_message", "connected_website", "write_access_allowed", "proximity_alert_triggered", "boost_added",
		"chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "paid_message_price_changed",
		"giveaway_created", "giveaway_completed", "managed_bot_created", "poll_option_added", "poll_option_deleted", "successful_payment", "refunded_payment":
		return true
	}
	for _, kind := range []string{"forum_topic_", "general_forum_topic_", "video_chat_", "voice_chat_", "suggested_post_"} {
		if strings.HasPrefix(key, kind) {
			return true
		}
	}
	return false
}

// rich takes the words of a rich message and leaves its form and media.
func (s *scanner) rich() string {
	s.peek()
	start := s.pos
	s.skip()
	var message any
	if s.bad || json.Unmarshal(s.data[start:s.pos], &message) != nil {
		s.bad = true
		return ""
	}
	var words strings.Builder
	writeRich(&words, message, "")
	return strings.TrimSpace(words.String())
}

// writeRich writes the words of a block or a piece of text; between parts of a
// list comes what divides them.
func writeRich(words *strings.Builder, part any, between string) {
	switch part := part.(type) {
	case string:
		words.WriteString(part)
	case []any:
		for _, one := range part {
			writeRich(words, one, between)
			words.WriteString(between)
		}
	case map[string]any:
		for _, key := range []string{"text", "alternative_text"} {
			writeRich(words, part[key], "")
		}
		for _, key := range []string{"summary", "cells", "items", "blocks", "caption"} {
			if part[key] != nil {
				writeRich(words, part[key], "\n")
				words.WriteByte('\n')
			}
		}
	}
}
