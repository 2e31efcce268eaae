// The warning centres that we watch: config/feeds.yaml, which may be left out.
//
//   feeds:
//     - name: inatews                     # small letters, digits, hyphens
//       mode: live                        # a live owner polls its live feeds alone, a drill owner its drill feeds
//       url: https://centre.example/cap.atom      # http only to this machine
//       kind: atom                        # cap: a document that is replaced; atom, rss: an index that links to
//       documents every: 1m                         # 10s to 1h senders: [inatews.example]        # CAP senders that
//       are believed; none named: whoever is signed signers: [inatews]                # signers/inatews.pem; where one
//       is named, nothing unsigned is believed region: {adm4: [99.01.01.1001]}   # geocodes that mean us; beside them,
//       whatever touches one of our zones oldest: 1h                        # what was sent longer ago is no news: 1m
//       to 7d same_event: 30m                   # bulletins about one hazard and zone, so far apart, are one event: 1m
//       to 1d silent: 5m                        # so long without a good answer is an alarm; default: three polls, 5m
//       at least
//
// Thread rule: plain values; read_feeds blocks on the disk.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/alert/cap/signature.hpp"

namespace broadcaster::feeds {

enum class Kind { cap, atom, rss };

struct Feed {
  std::string name;
  alert::Mode mode = alert::Mode::drill;
  std::string url;
  Kind kind = Kind::cap;
  std::chrono::seconds every{60};
  std::vector<std::string> senders;
  /// Those that it names; where it names none, all that there are: a good signature is told, and none is required.
  std::vector<alert::cap::Pin> signers;
  enum class Signature { required, not_required } signature = Signature::required;
  std::vector<alert::NamedValue> region;
  std::chrono::seconds oldest{3600};
  std::chrono::seconds same_event{1800};
  std::chrono::seconds silent{300};
};

/// Errors with file, line and column. A file that is not there has no feeds.
base::Checked<std::vector<Feed>> read_feeds(const std::filesystem::path& file, const std::filesystem::path& signers);
base::Checked<std::vector<Feed>> parse_feeds(const std::string& text, const std::string& file,
                                             const std::vector<alert::cap::Pin>& pins);

std::string_view name(Kind kind);

}  // namespace broadcaster::feeds
