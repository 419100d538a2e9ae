package discord

import "strings"

// A route is where a call goes, without any id or token in its name.
type route struct {
	name  string // "POST channels/{id}/messages"
	major string // the id that Discord counts by: a channel, a webhook's token
	free  bool   // interactions are outside the limit over everything
	once  bool   // called once with this id, so there is nothing to learn
	calm  bool   // nobody waits for it
}

// routeOf reads method and path ("channels/1/messages").
func routeOf(method, path string) route {
	parts := strings.Split(path, "/")
	var r route
	switch {
	case parts[0] == "interactions" && len(parts) == 4:
		r.free, r.once = true, true
		parts = []string{"interactions", "{id}", "{token}", parts[3]}
	case parts[0] == "webhooks" && len(parts) >= 3:
		r.free, r.major = true, parts[2]
		parts = append([]string{"webhooks", "{id}", "{token}"}, parts[3:]...)
	case parts[0] == "channels" && len(parts) > 1:
		r.major = parts[1]
	default:
		r.calm = parts[0] != "users"
	}
	for i, part := range parts {
		if isID(part) {
			parts[i] = "{id}"
		}
	}
	r.name = method + " " + strings.Join(parts, "/")
	return r
}

// isID reports whether a word is one of Discord's ids: up to 20 digits.
func isID(word string) bool {
	if word == "" || len(word) > 20 {
		return false
	}
	for _, r := range word {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
