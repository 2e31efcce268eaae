// The work on what a feed gave: reading, deciding, and the files of drafts. All of it is for a worker: an XML document
// of 8 MiB, or a polygon of 10,000 corners, takes longer than the loop may be held.
//
// What is known is written first, then the file: a crash in between, or a disk that fails, leaves a matter whose file
// is not as it should be, and mend() writes it. The document of a question is written before, since nothing else holds
// it, once under its digest, and goes with its question. So many of them may lie there, and no more. Thread rule: a
// worker; blocking on the disk.
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

struct NotWritten {
  DraftFile file;
  base::Text why;
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
  std::vector<feeds::Entry> fetch;                         ///< of an index: what is news
  std::optional<base::Error> unreadable;                   ///< the document; nothing of it was taken, or not all
  std::vector<NotWritten> troubles;                        ///< documents of questions that could not be written
  std::vector<std::filesystem::path> remove;               ///< documents of which nobody asks any more
  enum class Files { some, all } looked_at = Files::some;  ///< all: every other file is as it should be
};

/// Set by whoever waits: no more bulletins are begun.
using Enough = std::atomic<bool>;

/// One document. `entry`: of the index that named it; nullptr: the feed's own address gave it. What `enough` has left
/// out is said in `unreadable`, and comes again with the document.
FeedOutcome work_on_document(const FeedRules& rules, const feeds::Feed& feed, const feeds::Known& known,
                             const std::string& url, const std::string& body, const feeds::Entry* entry,
                             base::WallTime now, const Enough* enough = nullptr);
/// What ended ends, unless one of `open` rests on it; what lacks its file, or has an older one of ours, gets it.
/// `owed`: documents of questions that could not be written.
FeedOutcome mend(const FeedRules& rules, const feeds::Known& known, const std::vector<feeds::OpenAlert>& open,
                 const std::vector<DraftFile>& owed, base::WallTime now);
/// A person has looked, and decided without it: its alarm ends, and nothing that a centre says does (known.hpp).
/// Errors: bad_input, there is none of that id.
base::Result<FeedOutcome> dismiss(const FeedRules& rules, const feeds::Known& known, const std::string& id,
                                  base::WallTime now);

/// 0600, whole or not at all. Those that could not be written.
std::vector<NotWritten> write_drafts(const std::vector<DraftFile>& files);
void remove_documents(const std::vector<std::filesystem::path>& files);

/// Of all documents of questions together: more than people could look at.
constexpr std::uintmax_t most_document_bytes = 64 << 20;
constexpr std::size_t most_documents = 256;

}  // namespace broadcaster::service
