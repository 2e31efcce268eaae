// What differs between two signed sets, in words: people sign what they have read, not a digest. Pure.
//
// Every difference of values is named: people by their roles and keys, quorums, and of every other file each value by
// its place ("endpoints[sms-live].url"). Items of a list go by their id or name, else by their number. An area is
// named and not drawn. A file of which only comments, order or spaces differ is named as such; one that cannot be read
// is said to be that. Thread rule: plain functions.
#pragma once

#include <vector>

#include "broadcaster/approval/signed_set.hpp"

namespace broadcaster::approval {

/// In the order of set_files. Empty: the texts are the same.
std::vector<base::Text> changes_in_words(const SetTexts& from, const SetTexts& to);

/// Of a first set, which changes nothing: everybody in it, and how many must approve. Empty for what cannot be read.
std::vector<base::Text> people_in_words(const std::string& people_yaml);

}  // namespace broadcaster::approval
