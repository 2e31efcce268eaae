// Where files of a feed lie: a folder, or addresses that take uploads. Both are one thing to whoever publishes.
//
// A file is whole or not there, for everybody who looks. A write says what it expects to replace, so that of two
// writers one learns that the other was faster. Thread rule: loop thread; answers come on the loop, never inside the
// call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "broadcaster/delivery/outcome.hpp"

namespace broadcaster::channels::cap_feed {

struct Read {
  std::string file;
};
struct Write {
  std::string file;
  std::string content;
  std::string media_type;
  /// The tag of what it takes the place of; nothing: nothing may lie there yet. An empty tag: whatever lies there.
  std::optional<std::string> instead_of;
};

struct Found {
  std::string content;
  std::string tag;  ///< names this very content; empty: the far side has no such names
};
struct Absent {};   ///< there is no such file
struct Stored {};   ///< written, whole
struct Changed {};  ///< not written: something else lies there than was expected
/// Neither can be said. `outcome`: as a delivery would learn it: not_sent: nothing was written; unknown: it may be.
struct Failed {
  delivery::Outcome outcome;
};
using Answer = std::variant<Found, Absent, Stored, Changed, Failed>;

class Place {
 public:
  using Then = std::move_only_function<void(Answer)>;
  virtual ~Place() = default;
  virtual void read(Read what, Then then) = 0;
  /// `may_leave` is asked right before the byte; denied: Failed{not_sent}.
  virtual void write(Write what, std::function<bool()> may_leave, Then then) = 0;
};

}  // namespace broadcaster::channels::cap_feed
