// The work on what a feed gave: reading, deciding, and the files of drafts. All of it is for a worker: an XML document
// of 8 MiB, or a polygon of 10,000 corners, takes longer than the loop may be held.
//
// What is known is written first, then the file: a crash in between leaves a matter without its file, and mend() writes
// it. The document of a question is written before, since nothing else holds it; a second time it is the same file.
// Thread rule: a worker; blocking on the disk.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/feeds/apply.hpp"
#include "broadcaster/feeds/resting.hpp"
#include "broadcaster/service/feed_memory.hpp"

namespace broadcaster::service {

/// What an owner decides by; the same for as long as it runs.
struct FeedRules {
  alert::Agency agency;
  alert::Zones zones;
  std::vector<std::string> hazards;
  alert::Mode mode = alert::Mode::drill;
  std::filesystem::path drafts;
};

struct DraftFile {
  std::string matter;
  std::filesystem::path path;
  std::string text;
};

/// What became of one bulletin, for the record and for people.
struct FeedNote {
  std::string feed;
  std::string bulletin;
  std::string word;  ///< feeds::word_for
  std::optional<base::Text> why;
  std::string matter;
  base::WallTime at;
};

struct FeedOutcome {
  feeds::Known known;
  Values values;
  std::vector<FeedNote> notes;
  std::vector<DraftFile> files;
  std::vector<feeds::Entry> fetch;        ///< of an index: what is news
  std::optional<base::Error> unreadable;  ///< the document; nothing of it was taken, or not all
  std::vector<base::Text> troubles;       ///< files that could not be written
};

/// Set by whoever waits: no more bulletins are begun.
using Enough = std::atomic<bool>;

/// One document. `entry`: of the index that named it; nullptr: the feed's own address gave it. What `enough` has left
/// out is said in `unreadable`, and comes again with the document.
FeedOutcome work_on_document(const FeedRules& rules, const feeds::Feed& feed, const feeds::Known& known,
                             const std::string& url, const std::string& body, const feeds::Entry* entry,
                             base::WallTime now, const Enough* enough = nullptr);
/// What ended ends, unless one of `open` rests on it; what lacks its file gets it.
FeedOutcome mend(const FeedRules& rules, const feeds::Known& known, const std::vector<feeds::OpenAlert>& open,
                 base::WallTime now);
/// A person has looked, and decided without it: its alarm ends, and nothing that a centre says does (known.hpp).
/// Errors: bad_input, there is none of that id.
base::Result<FeedOutcome> dismiss(const feeds::Known& known, const std::string& id, base::WallTime now);

/// 0600, whole or not at all. What went wrong.
std::vector<base::Text> write_drafts(const std::vector<DraftFile>& files);

}  // namespace broadcaster::service
