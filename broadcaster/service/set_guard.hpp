// Guards the keys and rules of a live state (R50): nothing live is released while they are not the signed ones.
//
// Every look reads the files once, judges them (approval/set_standing.hpp) and hands out the very texts that were
// judged: a release uses these and reads nothing again. A newer set that is signed is accepted, and remembered in the
// journal (set_memory.hpp). What this process has read at its start (endpoints, zones, sirens, agency, shelters) must
// have been signed too; where a newer set has replaced it, that is an alarm and refuses nothing.
// A look that takes too long (a share that is gone) is answered as one that cannot be read, and is an alarm: releases
// are refused, everything else goes on, and the process ends without it. While it hangs no other one is begun. Only
// releases ask. A halt asks nobody; a false alarm is judged by the people of the accepted set, whatever stands on the
// disk; a drill has no guard. Thread rule: loop thread; reading and judging on a thread of their own.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "broadcaster/dispatch/driver.hpp"
#include "broadcaster/net/aside.hpp"
#include "broadcaster/service/fence.hpp"
#include "broadcaster/service/set_files.hpp"
#include "broadcaster/service/set_memory.hpp"

namespace broadcaster::service {

struct SetGuardTools {
  net::Loop& loop;
  journal::StoreThread& store;
  dispatch::Driver& driver;
  const base::Clock& clock;
  /// Where other machines say which set they have accepted, and what was read there at the start: by an older one, or
  /// by another of the same number, nothing live is released.
  std::optional<Fence> fence = std::nullopt;
  std::optional<SetMark> elsewhere = std::nullopt;
  std::function<base::Result<approval::SetOnDisk>(const std::filesystem::path&)> read = read_set;
  /// So long whoever asks waits for the disk.
  base::milliseconds patience = std::chrono::seconds(5);
};

class SetGuard {
 public:
  struct Look {
    approval::SetTexts texts;
    std::vector<base::Text> refusals;  ///< why nothing live may be released now; empty: it may
  };
  using Seen = std::function<void(base::Result<std::shared_ptr<const Look>>)>;

  /// `started_with`: digests of what this process has read; empty for one that only looks.
  /// `remembered`: load_accepted_set(). Where that failed nothing is accepted, and nothing live is released.
  SetGuard(SetGuardTools tools, std::filesystem::path folder, approval::SetDigests started_with,
           base::Result<AcceptedSet> remembered);
  ~SetGuard();

  /// Before the loop runs; blocking. What whoever starts it should know.
  std::vector<base::Text> look_first();
  /// Now and then, for as long as this process runs.
  void watch();
  /// Reads anew. Errors: those of reading; unavailable when it takes too long, or when no thread is to be had.
  void look(Seen seen);

  /// nullptr: none was ever signed here.
  const AcceptedSet& accepted() const { return accepted_; }
  /// {"state": in_force|changed|never_signed, "number"?, "date"?, "digest"?, "signers": [person], "same_login"?:
  /// [{"persons",
  ///  "machine", "session"}], "files": [changed],
  ///  "why": [TEXT] (why nothing live is released; in force: what is wrong with signed.json), "restart_for": [file]}
  boost::json::value json() const;

 private:
  struct Judged {
    approval::SetOnDisk disk;
    approval::SetStanding standing;
  };
  /// Reads and judges when it is called, with what is known now; needs nothing of this any more.
  std::move_only_function<base::Result<Judged>()> judge() const;
  void begin_look();
  void give_up();
  void end_look(base::Result<Judged> judged);
  void answer(const base::Result<std::shared_ptr<const Look>>& seen);
  void refuse(const base::Error& error);
  std::shared_ptr<const Look> take(Judged judged);
  void say_at_fence();
  bool is_behind() const;
  void alarm(const std::string& key, std::optional<base::Text> text);
  std::vector<std::string> never_signed_here() const;
  std::vector<std::string> of_an_older_set() const;

  SetGuardTools tools_;
  const std::filesystem::path folder_;
  const approval::SetDigests started_with_;
  std::optional<base::Error> unreadable_;
  AcceptedSet accepted_;
  std::optional<approval::SetStanding> last_;
  std::vector<base::Text> why_;
  std::vector<Seen> waiting_, next_;  ///< of the look that runs; of the one after it
  enum class Reading { no, yes, hangs } reading_ = Reading::no;
  std::optional<net::TimerId> patience_;
  net::Aside aside_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
