#include "scan/worker.h"

#include "scan/allow.h"
#include "scan/container/archive.h"
#include "scan/container/git_objects.h"
#include "scan/container/notebook.h"
#include "scan/container/sqlite.h"
#include "scan/known_findings.h"
#include "scan/look.h"
#include "scan/streams.h"
#include "text/lines.h"
#include "text/utf16.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

text::ByteOrder order_of(Shape shape) {
    return shape == Shape::utf16_le ? text::ByteOrder::little : text::ByteOrder::big;
}

bool has_utf16_mark(std::string_view content) {
    return content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF");
}

// Where the finding ends in its content: behind its secret, or behind what it was decoded from.
std::size_t end_of(const Finding& finding) {
    const Span& span = finding.span;
    if (!finding.decoded_by.empty() && span.end_line == span.line && span.end_column >= span.column)
        return finding.offset + (span.end_column - span.column + 1);
    return finding.offset + finding.secret.size();
}

} // namespace

Place Place::inside(std::string_view member) const {
    return {path + "!" + std::string(member), shown + "!" + std::string(member)};
}

Matcher& Worker::State::match() {
    if (!matcher) matcher.emplace(engine);
    return *matcher;
}

Buffer& Worker::State::buffer() {
    while (buffers.size() <= level)
        buffers.push_back(std::make_unique<Buffer>());
    return *buffers[level];
}

void Worker::State::settle(const Place& place, const Content& content, std::size_t first,
                           Outcome& outcome) {
    std::size_t kept = first;
    for (std::size_t i = first; i < outcome.findings.size(); ++i) {
        Finding& finding = outcome.findings[i];
        if (options.allow_comments && finding.span.line != 0 &&
            allowed_by_comment(content.bytes, finding.offset - content.offset,
                               end_of(finding) - content.offset)) {
            ++outcome.counts.allowed;
            continue;
        }
        finding.path = place.shown;
        if (kept != i) outcome.findings[kept] = std::move(finding);
        ++kept;
    }
    outcome.findings.resize(kept);
    for (Error& trouble : match().take_troubles()) {
        if (trouble.where.starts_with(place.path))
            trouble.where.replace(0, place.path.size(), place.shown);
        outcome.miss(trouble);
    }
}

void Worker::State::look_for_known(const Content& content, std::size_t first, Outcome& outcome) {
    if (options.known != nullptr) find_known(*options.known, content, first, outcome.findings);
    if (options.known_digests != nullptr)
        find_known(*options.known_digests, content, first, outcome.findings);
}

void Worker::State::plain(const Place& place, std::string_view content, Outcome& outcome) {
    const std::size_t first = outcome.findings.size();
    Content whole_content;
    whole_content.bytes = content;
    whole_content.path = place.path;
    match().scan(whole_content, outcome.findings);
    look_for_known(whole_content, first, outcome);
    settle(place, whole_content, first, outcome);
    ++outcome.counts.contents;
    outcome.counts.bytes += content.size();
}

void Worker::State::utf16(const Place& place, std::string_view content, Shape shape,
                          Outcome& outcome) {
    decoded.clear();
    text::append_utf16(content.substr(has_utf16_mark(content) ? 2 : 0), order_of(shape), true,
                       decoded);
    plain(place, decoded, outcome);
}

void Worker::State::utf32(const Place& place, std::string_view content, Shape shape,
                          Outcome& outcome) {
    const bool mark = content.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
                      content.starts_with(std::string_view("\0\0\xFE\xFF", 4));
    decoded.clear();
    text::append_utf32(content.substr(mark ? 4 : 0),
                       shape == Shape::utf32_le ? text::ByteOrder::little : text::ByteOrder::big,
                       decoded);
    plain(place, decoded, outcome);
}

void Worker::State::whole(const Place& place, std::string_view content, int descriptor,
                          Outcome& outcome) {
    switch (const Shape shape = shape_of(content, place.path)) {
    case Shape::utf8_bom:
        return plain(place, content.substr(utf8_mark.size()), outcome);
    case Shape::utf16_le:
    case Shape::utf16_be:
        return utf16(place, content, shape, outcome);
    case Shape::utf32_le:
    case Shape::utf32_be:
        return utf32(place, content, shape, outcome);
    case Shape::notebook:
        return look_at_notebook(*this, place, content, outcome);
    case Shape::sqlite:
        if (look_at_database(*this, place, content, descriptor, outcome)) return;
        break;
    case Shape::archive:
        return look_at_archive(*this, place, content, nullptr, outcome);
    case Shape::git:
        if (look_at_git_objects(*this, place, content, nullptr, outcome)) return;
        break;
    case Shape::plain:
        break;
    }
    plain(place, content, outcome);
}

// A content that does not fit into the buffer, which holds its beginning.
void Worker::State::large(const Place& place, std::span<char> buffer, ByteStream& stream,
                          Outcome& outcome) {
    const std::string_view head(buffer.data(), buffer.size());
    const Shape shape = shape_of(head, place.path);
    if (shape == Shape::archive) return look_at_archive(*this, place, head, &stream, outcome);
    if (shape == Shape::sqlite && stream.descriptor() >= 0 &&
        look_at_database(*this, place, {}, stream.descriptor(), outcome))
        return;
    if (shape == Shape::git && look_at_git_objects(*this, place, head, &stream, outcome)) return;
    if (shape == Shape::utf32_le || shape == Shape::utf32_be)
        outcome.miss(place.shown, "UTF-32 text too large to be decoded",
                     "make it UTF-8, and scan that");
    if (shape != Shape::utf16_le && shape != Shape::utf16_be)
        return pieces(place, buffer, buffer.size(), stream, outcome);
    Utf16Stream text(std::string(head.substr(has_utf16_mark(head) ? 2 : 0)), stream,
                     order_of(shape));
    const auto filled = text.read(buffer);
    if (!filled) return outcome.miss(filled.error());
    pieces(place, buffer, *filled, text, outcome);
}

void Worker::State::look(const Place& place, std::string_view content, Outcome& outcome) {
    whole(place, content, -1, outcome);
}

void Worker::State::look(const Place& place, ByteStream& stream, Outcome& outcome) {
    const std::span<char> space = buffer().all();
    const auto filled = stream.read(space);
    if (!filled) return outcome.miss(filled.error());
    if (*filled == space.size()) return large(place, space, stream, outcome);
    whole(place, {space.data(), *filled}, stream.descriptor(), outcome);
}

void Worker::State::member(const Place& place, ByteStream& stream, Outcome& outcome) {
    ++level;
    look(place, stream, outcome);
    --level;
}

void Worker::State::raw_member(const Place& place, ByteStream& stream, Outcome& outcome) {
    ++level;
    const std::span<char> space = buffer().all();
    const auto filled = stream.read(space);
    if (!filled)
        outcome.miss(filled.error());
    else if (*filled < space.size())
        plain(place, {space.data(), *filled}, outcome);
    else
        pieces(place, space, *filled, stream, outcome);
    --level;
}

Worker::Worker(const Engine& engine, const ScanOptions& options)
    : state_(std::make_unique<State>(engine, options)) {}
Worker::~Worker() = default;

void Worker::look_at(const Place& place, std::string_view content, Outcome& outcome) {
    state_->budget = {state_->options.limits.unpacked_bytes, state_->options.limits.members};
    state_->look(place, content, outcome);
}

void Worker::look_at(const Place& place, ByteStream& stream, Outcome& outcome) {
    state_->budget = {state_->options.limits.unpacked_bytes, state_->options.limits.members};
    state_->look(place, stream, outcome);
}

Matcher& Worker::matcher() {
    return state_->match();
}

void Worker::confirm(const Place& place, std::string_view content, std::span<const Hit> hits,
                     Outcome& outcome) {
    const std::size_t first = outcome.findings.size();
    Content whole;
    whole.bytes = content;
    whole.path = place.path;
    state_->match().confirm(whole, hits, outcome.findings);
    state_->look_for_known(whole, first, outcome);
    state_->settle(place, whole, first, outcome);
}

} // namespace stanch::scan
