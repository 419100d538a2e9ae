package redisstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// versionSize is how much of a sealed value tells its version: the nonce, which
// is drawn anew for every write.
const versionSize = 12

// MinSecret is the least length of a secret in bytes.
const MinSecret = 32

var errSealed = errors.New("a stored value is damaged or from another key")

// NewSecret makes a secret for NOTALONE_KEY.
func NewSecret() string {
	b := make([]byte, MinSecret)
	rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}

// ParseSecret reads what NewSecret made.
func ParseSecret(s string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("not base64; make one with: notalone keygen")
	}
	if len(b) < MinSecret {
		return nil, fmt.Errorf("%d bytes, at least %d are needed; make one with: notalone keygen", len(b), MinSecret)
	}
	return b, nil
}

// sealer encrypts values with AES-256-GCM, bound to the key they stand under.
type sealer struct{ aead cipher.AEAD }

// derive makes the key ring and the sealer from one secret; neither key tells
// anything about the other.
func derive(secret []byte) (keyring, sealer, error) {
	names, err := hkdf.Key(sha256.New, secret, nil, "notalone names", 32)
	if err != nil {
		return keyring{}, sealer{}, fmt.Errorf("derive the key for names: %w", err)
	}
	values, err := hkdf.Key(sha256.New, secret, nil, "notalone values", 32)
	if err != nil {
		return keyring{}, sealer{}, fmt.Errorf("derive the key for values: %w", err)
	}
	block, err := aes.NewCipher(values)
	if err != nil {
		return keyring{}, sealer{}, fmt.Errorf("derive the cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return keyring{}, sealer{}, fmt.Errorf("derive the cipher: %w", err)
	}
	return keyring{secret: names}, sealer{aead: aead}, nil
}

func (s sealer) seal(key string, plain []byte) string {
	nonce := make([]byte, versionSize, versionSize+len(plain)+s.aead.Overhead())
	rand.Read(nonce)
	return string(s.aead.Seal(nonce, nonce, plain, []byte(key)))
}

func (s sealer) open(key, sealed string) ([]byte, error) {
	if len(sealed) < versionSize {
		return nil, errSealed
	}
	plain, err := s.aead.Open(nil, []byte(sealed[:versionSize]), []byte(sealed[versionSize:]), []byte(key))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

func version(sealed string) string { return sealed[:min(versionSize, len(sealed))] }
