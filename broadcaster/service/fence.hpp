// A place that two machines see, where the newer one says that it has taken over: `fence: {folder: /mnt/shared}`.
//
//   <folder>/<agency>-<mode>.owner-<epoch>  {"at","claim","machine"}: who owns the state; the highest epoch does
//   <folder>/<agency>-<mode>.left-<epoch>   {"at","machine","open":[…],"stopped":[…]}: the owner of that epoch has read
//                                           of a higher one, has ended, and sends nothing more; with what it was about
//
//   <folder>/<agency>-live.set-<number>     {"at","digest","machine"}: a machine has accepted this signed set; the
//   highest
//                                           number counts, whichever machine comes next
//
// An epoch is claimed by making its file, which can be made once: of two machines that take over in the same moment one
// is told to begin again, and then it is the later one that owns. Nothing is ever written over.
// Who reads a higher epoch than its own stops. Who cannot read it goes on, and says so: a share that is down must not
// silence a town. So a take-over needs the old machine's word, and where there is none a person who has switched it
// off. Thread rule: blocking, and for ever where the place is a network disk whose server is gone: see owner_within().
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::service {

struct FenceMark {
  std::int64_t epoch = 0;
  std::string machine;  ///< its name, for people
  base::WallTime at;
  std::string claim;  ///< tells one take-over from another, also of machines with one name
  bool operator==(const FenceMark&) const = default;
};

/// What a machine that gives way leaves to know: identifiers of alerts.
struct LastWord {
  std::string machine;
  base::WallTime at;
  std::vector<std::string> open;     ///< neither stopped nor expired, and with something left to do
  std::vector<std::string> stopped;  ///< halted, replaced or taken back, and not expired before
  bool operator==(const LastWord&) const = default;
};

/// The newest signed set that a machine here has accepted.
struct SetMark {
  std::int64_t number = 0;
  std::string digest;   ///< hex
  std::string machine;  ///< its name, for people
  bool operator==(const SetMark&) const = default;
};

/// Does the mark say that another machine owns the state that stands in `epoch` by `claim`? Two that took over without
/// the place stand in one epoch: who comes to it first owns.
bool outranks(const FenceMark& mark, std::int64_t epoch, const std::string& claim);

class Fence {
 public:
  /// Higher ones are nobody's: the sirens' numbers end there (channels/siren/controller/counter.hpp).
  static constexpr std::int64_t highest_epoch = 2000;

  /// `agency`: its id, so that several share a folder.
  Fence(std::filesystem::path folder, std::string agency, alert::Mode mode);

  using Owner = base::Result<std::optional<FenceMark>>;
  /// Of the highest epoch, or of the highest below `below`; nullopt: nobody has stood here yet. A mark that cannot be
  /// read counts all the same, its epoch stands in its name. Errors: unavailable when the place cannot be read.
  Owner owner(std::int64_t below = highest_epoch + 1) const;
  /// The same, on a thread of its own that is left behind when it takes longer: unavailable then.
  Owner owner_within(base::milliseconds patience) const;
  /// taken: somebody has claimed this epoch before. Errors: unavailable.
  enum class Claimed { done, taken };
  base::Result<Claimed> claim(const FenceMark& mark) const;

  /// The last word of the owner of `epoch`; nullopt: it has not left, or has not said so.
  std::optional<LastWord> left(std::int64_t epoch) const;
  base::Result<void> say_left(std::int64_t epoch, const LastWord& word) const;

  /// nullopt: none was said. On a thread of its own, as owner_within(). Errors: unavailable.
  base::Result<std::optional<SetMark>> newest_set_within(base::milliseconds patience) const;
  /// Said once: what stands there already stays.
  base::Result<void> say_set(const SetMark& mark, base::WallTime now) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path owner_file(std::int64_t epoch) const;
  std::filesystem::path left_file(std::int64_t epoch) const;
  std::filesystem::path set_file(std::int64_t number) const;
  base::Result<std::optional<std::int64_t>> highest(std::string_view kind, std::int64_t below) const;
  base::Result<std::optional<SetMark>> newest_set() const;
  std::filesystem::path folder_;
  std::string stem_;
};

/// The name of this machine, for people.
std::string machine_name();

}  // namespace broadcaster::service
