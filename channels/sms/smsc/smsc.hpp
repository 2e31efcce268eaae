// A small SMPP 3.4 centre: the operator behind a gateway in the drill range.
//
// A gateway binds to it as to any operator; what each phone got goes into the book of what was seen, and receipts,
// refusals and losses follow the script. Receipts for which nobody is bound wait, as at an operator, up to 100,000.
// Thread rule: loop thread, and libsmpp34 on no other.
#pragma once

#include <memory>
#include <string>

#include "broadcaster/base/time.hpp"
#include "broadcaster/net/loop.hpp"
#include "channels/range/range_side.hpp"
#include "channels/sms/smsc/numbers.hpp"

namespace broadcaster::channels::sms::smsc {

struct Options {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0 takes a free one
  std::string system_id = "kannel";
  std::string password = "secret";  ///< SMPP allows 8 octets; a range guards nothing
};

class Smsc {
 public:
  /// `seen` outlives it. Errors: unavailable (net.cannot_listen).
  static base::Result<std::unique_ptr<Smsc>> listen(net::Loop& loop, const base::Clock& clock, SeenBook& seen,
                                                    Options options);
  virtual ~Smsc() = default;

  virtual unsigned short port() const = 0;
  virtual void script(Script script) = 0;
  /// Packets of submit_sm that were accepted; a long message is several.
  virtual std::uint64_t submits() const = 0;
  /// Sessions that are bound.
  virtual std::size_t bound() const = 0;
};

}  // namespace broadcaster::channels::sms::smsc
