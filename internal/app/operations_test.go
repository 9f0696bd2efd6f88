package app

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// What docs/operations.md tells of how often one may try to get in is what holds.
func TestTheDocumentedThrottles(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	often := func(n int) string { return fmt.Sprintf("%d in %.0f minutes", n, throttleWindow.Minutes()) }
	for what, most := range map[string]string{
		"passwords, by account":                                  often(triesPerAccount),
		"passwords, passkeys, resets and links, by address":      often(triesPerAddress),
		"codes of a second factor, by account":                   often(triesPerFactor),
		"letters to choose another password, by address of mail": often(lettersPerEmail),
		"codes of personal links that are wrong, by address":     fmt.Sprintf("%d in %.0f minutes", codeFailures, throttleWindow.Minutes()),
		"tries of a code that was mailed":                        fmt.Sprintf("%d, within %.0f minutes", agenda.MaxCodeTries, agenda.CodeLife.Minutes()),
		"codes that are mailed, by link":                         fmt.Sprintf("%d in an hour", codesOfLink),
	} {
		if row := "| " + what + " | " + most + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/operations.md has no row %s", row)
		}
	}
}
