package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func accountCommand(w world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "account",
		Short: "Make and list accounts, let people in who lost their way",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(accountCreateCommand(w), accountListCommand(w), accountResetCommand(w), accountSetCommand(w), accountGrantCommand(w))
	return cmd
}

// withApp opens the installation for one command.
func withApp(w world, do func(cmd *cobra.Command, in *installation, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		in, err := open(cmd.Context(), w)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, in.Close()) }()
		return do(cmd, in, args)
	}
}

func accountCreateCommand(w world) *cobra.Command {
	var account agenda.Account
	var password bool
	cmd := &cobra.Command{
		Use:   "create EMAIL",
		Short: "Make an account",
		Long: `Create makes an account. With --password-stdin it reads the password from standard input: one
line. Without, it prints a link with which the holder sets one, within the hour.`,
		Example: `  plenary account create lan.anh@example.org --name "Lan Anh" --admin
  pass show plenary | plenary account create me@example.org --name Me --password-stdin`,
		Args: oneArg,
		RunE: withApp(w, func(cmd *cobra.Command, in *installation, args []string) error {
			account.Email = args[0]
			if account.Name == "" {
				account.Name, _, _ = strings.Cut(args[0], "@")
			}
			secret := ""
			if password {
				line, err := bufio.NewReader(io.LimitReader(w.In, 4096)).ReadString('\n')
				if err != nil && !errors.Is(err, io.EOF) {
					return err
				}
				if secret = strings.TrimRight(line, "\r\n"); secret == "" {
					return usageError{errors.New("--password-stdin: there is no password on standard input")}
				}
			}
			made, err := in.app.CreateAccount(cmd.Context(), operator, account, secret)
			if err != nil {
				return err
			}
			if password {
				_, err = fmt.Fprintf(w.Out, "There is an account for %s.\n", made.Email)
				return err
			}
			return printReset(cmd, w, in, made.Email)
		}),
	}
	cmd.Flags().StringVar(&account.Name, "name", "", "what to call the holder; without, the address up to its @")
	cmd.Flags().StringVar(&account.Language, "language", "", "language of letters, such as vi")
	cmd.Flags().BoolVar(&account.Admin, "admin", false, "may create events and manage accounts")
	cmd.Flags().BoolVar(&password, "password-stdin", false, "read the password from standard input")
	return cmd
}

// printReset prints a link with which a password can be set.
func printReset(cmd *cobra.Command, w world, in *installation, email string) error {
	secret, err := in.app.MakeReset(cmd.Context(), operator, email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.Out, "%s/reset#%s\n", in.base(), secret)
	return err
}

func accountResetCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "reset EMAIL",
		Short: "Print a link with which the holder of an account sets another password",
		Long:  "Reset prints a link that works for an hour and once. A second factor stays.",
		Args:  oneArg,
		RunE: withApp(w, func(cmd *cobra.Command, in *installation, args []string) error {
			return printReset(cmd, w, in, args[0])
		}),
	}
}

func accountListCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List all accounts",
		Args:  noArgs,
		RunE: withApp(w, func(cmd *cobra.Command, in *installation, _ []string) error {
			table := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "EMAIL\tNAME\tADMIN\tSECOND FACTOR\tSTATE\tID")
			for page := (app.Page{Limit: 200}); ; {
				accounts, next, err := in.app.Accounts(cmd.Context(), operator, page)
				if err != nil {
					return err
				}
				for _, a := range accounts {
					state := "works"
					if a.Disabled != nil {
						state = "disabled"
					}
					fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.Email, a.Name, yesNo(a.Admin), yesNo(a.TOTP != ""), state, a.ID)
				}
				if next == "" {
					return table.Flush()
				}
				page.After = next
			}
		}),
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func accountSetCommand(w world) *cobra.Command {
	var admin, disabled bool
	cmd := &cobra.Command{
		Use:     "set EMAIL",
		Short:   "Disable an account, let it in again, make it an administrator or not",
		Example: "  plenary account set lan.anh@example.org --disabled\n  plenary account set lan.anh@example.org --disabled=false --admin",
		Args:    oneArg,
		RunE: withApp(w, func(cmd *cobra.Command, in *installation, args []string) error {
			account, err := in.app.AccountByEmail(cmd.Context(), operator, args[0])
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("admin") {
				admin = account.Admin
			}
			if !cmd.Flags().Changed("disabled") {
				disabled = account.Disabled != nil
			}
			if _, err := in.app.SetAccount(cmd.Context(), operator, app.Revision(account.Revision), account.ID, admin, disabled); err != nil {
				return err
			}
			_, err = fmt.Fprintf(w.Out, "%s: administrator %s, disabled %s.\n", account.Email, yesNo(admin), yesNo(disabled))
			return err
		}),
	}
	cmd.Flags().BoolVar(&admin, "admin", false, "may create events and manage accounts")
	cmd.Flags().BoolVar(&disabled, "disabled", false, "can't sign in")
	return cmd
}

func accountGrantCommand(w world) *cobra.Command {
	var slug string
	var roles []string
	cmd := &cobra.Command{
		Use:     "grant EMAIL",
		Short:   "Make an account a member of an event",
		Long:    "Grant makes an account a member of an event, with these roles and no others; with none, it is a member no more.",
		Example: "  plenary account grant lan.anh@example.org --event vidw-2025 --role owner,protocol",
		Args:    oneArg,
		RunE: withApp(w, func(cmd *cobra.Command, in *installation, args []string) error {
			if slug == "" {
				return usageError{errors.New("--event is needed: the slug of the event")}
			}
			wanted := make([]agenda.MemberRole, len(roles))
			for i, r := range roles {
				wanted[i] = agenda.MemberRole(r)
			}
			account, err := in.app.AccountByEmail(cmd.Context(), operator, args[0])
			if err != nil {
				return err
			}
			if err := grant(cmd, in, account, slug, wanted); err != nil {
				return err
			}
			if len(roles) == 0 {
				roles = []string{"nothing"}
			}
			_, err = fmt.Fprintf(w.Out, "%s at %s: %s.\n", account.Email, slug, strings.Join(roles, ", "))
			return err
		}),
	}
	cmd.Flags().StringVar(&slug, "event", "", "slug of the event (needed)")
	cmd.Flags().StringSliceVar(&roles, "role", nil, "owner, editor, viewer, protocol, check_in")
	return cmd
}

// grant gives an account exactly these roles at an event.
func grant(cmd *cobra.Command, in *installation, account agenda.Account, slug string, roles []agenda.MemberRole) error {
	ctx := cmd.Context()
	members, _, err := in.app.Members(ctx, operator, slug)
	if err != nil {
		return err
	}
	for _, m := range members {
		switch {
		case m.AccountID != account.ID:
		case len(roles) == 0:
			return in.app.RemoveMember(ctx, operator, slug, app.Revision(m.Revision), account.ID)
		default:
			_, err := in.app.SetRoles(ctx, operator, slug, app.Revision(m.Revision), account.ID, roles)
			return err
		}
	}
	_, err = in.app.InviteMember(ctx, operator, slug, account.Email, roles, in.base(), account.Language)
	return err
}
