// Proof that nothing left the machine: the whole drill runs in a network namespace whose only way out is counted.
//
// Where the kernel allows (root), the process moves into a namespace of its own: loopback for the peers, and a dummy
// interface as default route, so that a packet that wants to leave goes there, is dropped, and counts. Nothing outside
// the process changes; the namespace goes away with it. Thread rule: enter() before any thread or socket.
#pragma once

#include <cstdint>
#include <optional>

namespace broadcaster::drill {

class NetGuard {
 public:
  enum class Kind {
    counted,    ///< own namespace with a counted way out
    closed,     ///< own namespace without any way out (the kernel has no dummy interfaces)
    unguarded,  ///< not allowed: nothing is counted
  };
  static NetGuard enter();
  Kind kind() const { return kind_; }
  /// Packets that wanted to leave; nullopt: nobody counts.
  std::optional<std::int64_t> packets_out() const;

 private:
  explicit NetGuard(Kind kind) : kind_(kind) {}
  Kind kind_;
};

}  // namespace broadcaster::drill
