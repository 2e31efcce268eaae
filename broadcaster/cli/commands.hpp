// The commands: each a function of what was typed, in a file of its own, that gives its exit status (exit.hpp).
//
// app.cpp alone knows how options are spelt. Thread rule: the main thread; blocking.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/cli/context.hpp"
#include "broadcaster/cli/record_files.hpp"
#include "broadcaster/cli/signing.hpp"

namespace broadcaster::cli {

struct KeysNew {
  std::string person;
  std::string out;  ///< empty: <person>.key
  bool no_passphrase = false;
  std::string passphrase_file;
};
int keys_new(const Context& context, const KeysNew& options);
int keys_show(const Context& context, const std::string& file);

struct ConfigSign {
  KeyChoice key;
  std::string confirm;
};
int config_sign(const Context& context, const ConfigSign& options);
int config_status(const Context& context);
int config_diff(const Context& context);
int config_restore(const Context& context);

struct Check {
  std::string alert;    ///< empty: the configuration and every message that it could send
  std::string profile;  ///< of what is in `alert`; empty: none
};
int check(const Context& context, const Check& options);

struct New {
  std::string hazard;
  std::string out;  ///< empty: <hazard>-<time>.yaml
  bool live = false;
  KeyChoice key;  ///< empty: the alert file alone. Else its plan is made and signed at once, beside it: one command
                  ///< less to type at night
  bool no_page = false;  ///< as in MakePlan
};
int new_alert(const Context& context, const New& options);

struct Update {
  std::string alert;
  std::string out;  ///< empty: <hazard>-update-<code>-<time>.yaml
  KeyChoice key;    ///< as in New
  bool no_page = false;
};
int update(const Context& context, const Update& options);

struct AllClear {
  std::string alert;
  std::string out;  ///< empty: <hazard>-all-clear-<code>-<time>.yaml
  KeyChoice key;    ///< as in New
  bool no_page = false;
};
int all_clear(const Context& context, const AllClear& options);

struct MakePlan {
  std::string alert;
  std::string out;
  KeyChoice key;  ///< empty: nobody signs it yet
  bool skip_bad_rows = false;
  bool no_page = false;  ///< nobody is called about it (call_approvers.hpp)
};
int plan_alert(const Context& context, const MakePlan& options);
int show_plan(const Context& context, const std::string& file);

struct Prepare {
  std::string file;
  std::string out;
  KeyChoice key;  ///< empty: nobody signs it yet
  bool skip_bad_rows = false;
};
int prepare(const Context& context, const Prepare& options);

struct Import {
  std::string file;
  std::string out;
  std::string profile;     ///< empty: none
  std::string signer;      ///< PEM; empty: the keys in signers/ of the configuration
  std::string identifier;  ///< which alert, where the file holds several
  bool ignore_signature = false;
};
int import_alert(const Context& context, const Import& options);

struct Export {
  std::string file;
  std::string out;
  std::string profile;      ///< empty: none
  std::string signing_key;  ///< PEM; empty: not signed
  std::string certificate;  ///< PEM; empty: none in the document
};
int export_alert(const Context& context, const Export& options);

struct Approve {
  std::string plan;  ///< empty: the one in this folder that waits (waiting_plan.hpp)
  KeyChoice key;
  bool yes = false;
};
int approve(const Context& context, const Approve& options);

struct Send {
  std::string plan;
  std::string confirm;
  bool no_wait = false;
  bool break_glass = false;
  KeyChoice key;       ///< of who releases alone
  std::string reason;  ///< why
};
int send(const Context& context, const Send& options);

struct Fire {
  std::string form;
  std::string zones;    ///< fire_choice.hpp; empty: asked for
  std::string arrival;  ///< moment.hpp; empty: asked for where the form has one
  bool again = false;   ///< beside one of the same form that is in force
  std::string confirm;
  bool no_wait = false;
  KeyChoice key;
};
int fire(const Context& context, const Fire& options);

int status(const Context& context, const std::string& alert);

int feeds(const Context& context);
struct DismissMatter {
  std::string id;  ///< empty: nothing is dismissed
  std::string reason;
};
int dismiss_matter(const Context& context, const DismissMatter& options);

struct Halt {
  std::string alert;
  std::string reason;
};
int halt(const Context& context, const Halt& options);

struct Cancel {
  std::string alert;
  bool false_alarm = false;
  bool withdraw = false;                      ///< of a signature that waits for a second canceller
  std::vector<std::string> keys;              ///< of each canceller
  std::vector<std::string> passphrase_files;  ///< in the keys' order; of those without one it is asked
  std::string confirm;
  bool break_glass = false;  ///< one canceller alone, although a second is needed
  std::string reason;        ///< why
};
int cancel(const Context& context, const Cancel& options);

struct RecordVerify {
  std::string exported;            ///< a folder; empty: the record of the state
  std::vector<std::string> heads;  ///< "12 hash", as kept elsewhere
  std::vector<std::string> keys;   ///< public keys whose checkpoints count; none: the state's own
};
int record_verify(const Context& context, const RecordVerify& options);
int record_key(const Context& context);
struct RecordExport {
  std::string alert;
  std::string folder;
  std::string numbers = "hashed";  ///< or "clear", with a reason
  std::string reason;
  CapKey cap_key;
};
int record_export(const Context& context, const RecordExport& options);

struct RecordErase {
  std::string before;  ///< "2026-08-24" or "90d" (ago)
  bool dry_run = false;
};
int record_erase(const Context& context, const RecordErase& options);

int state_backup(const Context& context, const std::string& folder);
int state_restore(const Context& context, const std::string& folder);
struct TakeOver {
  std::string confirm;
};
int take_over(const Context& context, const TakeOver& options);

int serve(const Context& context);

struct Drill {
  std::string scenario;  ///< empty: the example's
  std::string report;    ///< empty: in the state folder
};
int drill(const Context& context, const Drill& options);

struct RangeChoice {
  std::string port = "0";
  std::string smsc_port = "0";
  std::string settings;
};
int range(const Context& context, const RangeChoice& options);

}  // namespace broadcaster::cli
