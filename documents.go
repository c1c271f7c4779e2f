package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// trustedDocuments reads the operations that may run when TRUSTED_DOCUMENTS names a folder: each .graphql file holds one.
// A client sends the sha256 of the file's text, or the file's name without the extension. No folder, no registered operations.
func trustedDocuments(dir string) (map[string]string, error) {
	if dir == "" {
		return nil, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.graphql"))
	if err == nil && len(names) == 0 {
		err = errors.New("there is no .graphql file in it")
	}
	documents := map[string]string{}
	for _, name := range names {
		text, readErr := os.ReadFile(name)
		err = errors.Join(err, readErr)
		sum := sha256.Sum256(text)
		documents[hex.EncodeToString(sum[:])] = string(text)
		documents[strings.TrimSuffix(filepath.Base(name), ".graphql")] = string(text)
	}
	if err != nil {
		return nil, fmt.Errorf("read the trusted documents: %w", err)
	}
	return documents, nil
}
