#include "privilege/graph.h"

#include <algorithm>
#include <map>
#include <set>

namespace stanch::privilege {
namespace {

struct Graph {
    std::vector<std::string> services;
    std::vector<std::string> credentials;
    std::vector<std::string> stores;
    std::set<std::pair<std::string, std::string>> uses; // service, credential
    std::set<std::pair<std::string, std::string>> lies; // credential, store
};

void add(std::vector<std::string>& list, const std::string& name) {
    if (std::ranges::find(list, name) == list.end()) list.push_back(name);
}

Graph graph_of(const std::vector<Holding>& holdings) {
    Graph graph;
    for (const Holding& holding : holdings) {
        graph.credentials.push_back(holding.name);
        const std::vector<std::string> project{"(project)"};
        for (const std::string& service : holding.services.empty() ? project : holding.services) {
            add(graph.services, service);
            graph.uses.emplace(service, holding.name);
        }
        std::set<std::string> places;
        for (const Stored* stored : holding.stored)
            places.insert(stored->path);
        if (holding.declared != nullptr && !holding.declared->vault.empty())
            places.insert(holding.declared->vault);
        if (holding.declared != nullptr)
            for (const std::string& target : holding.declared->inject)
                places.insert(target);
        for (const std::string& place : places) {
            add(graph.stores, place);
            graph.lies.emplace(holding.name, place);
        }
    }
    std::ranges::sort(graph.services);
    std::ranges::sort(graph.stores);
    return graph;
}

std::string dot_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (static_cast<unsigned char>(c) < 0x20)
            out += ' ';
        else
            out += c;
    }
    return out;
}

constexpr int row = 34;
constexpr int box_height = 22;
constexpr int box_width = 280;
constexpr int gap = 120;
constexpr int margin = 20;
constexpr std::size_t longest_label = 38;

std::string label(std::string text) {
    if (text.size() > longest_label) text = "…" + text.substr(text.size() - longest_label + 1);
    return xml_text(text);
}

} // namespace

std::string graph_dot(const std::vector<Holding>& holdings) {
    const Graph graph = graph_of(holdings);
    std::string out = "digraph credentials {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
    for (const std::string& name : graph.services)
        out += "  " + dot_text("service " + name) + " [shape=box, label=" + dot_text(name) + "];\n";
    for (const std::string& name : graph.credentials)
        out += "  " + dot_text("key " + name) + " [shape=ellipse, label=" + dot_text(name) + "];\n";
    for (const std::string& name : graph.stores)
        out +=
            "  " + dot_text("store " + name) + " [shape=cylinder, label=" + dot_text(name) + "];\n";
    for (const auto& [service, key] : graph.uses)
        out += "  " + dot_text("service " + service) + " -> " + dot_text("key " + key) + ";\n";
    for (const auto& [key, place] : graph.lies)
        out += "  " + dot_text("key " + key) + " -> " + dot_text("store " + place) +
               " [style=dashed];\n";
    return out + "}\n";
}

std::string graph_svg(const std::vector<Holding>& holdings) {
    const Graph graph = graph_of(holdings);
    const auto rows = static_cast<int>(std::max(
        {graph.services.size(), graph.credentials.size(), graph.stores.size(), std::size_t{1}}));
    const int height = 2 * margin + rows * row;
    const int width = 2 * margin + 3 * box_width + 2 * gap;
    std::map<std::string, std::pair<int, int>> at; // of "column name": the middle of its left side
    std::string boxes;
    const auto column = [&](int number, const std::vector<std::string>& names,
                            std::string_view fill) {
        const int x = margin + number * (box_width + gap);
        const int top = margin + (rows - static_cast<int>(names.size())) * row / 2;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const int y = top + static_cast<int>(i) * row;
            at[std::to_string(number) + names[i]] = {x, y + box_height / 2};
            boxes += "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) +
                     "\" width=\"" + std::to_string(box_width) + "\" height=\"" +
                     std::to_string(box_height) + "\" rx=\"4\" fill=\"" + std::string(fill) +
                     "\" stroke=\"#555\"/><text x=\"" + std::to_string(x + 8) + "\" y=\"" +
                     std::to_string(y + 15) + "\">" + label(names[i]) + "</text>\n";
        }
    };
    column(0, graph.services, "#dbe9f6");
    column(1, graph.credentials, "#fdf3d0");
    column(2, graph.stores, "#e2f0d9");
    std::string lines;
    const auto line = [&](const std::string& from, const std::string& to, std::string_view style) {
        const auto [x1, y1] = at[from];
        const auto [x2, y2] = at[to];
        lines += "<line x1=\"" + std::to_string(x1 + box_width) + "\" y1=\"" + std::to_string(y1) +
                 "\" x2=\"" + std::to_string(x2) + "\" y2=\"" + std::to_string(y2) +
                 "\" stroke=\"#888\"" + std::string(style) + "/>\n";
    };
    for (const auto& [service, key] : graph.uses)
        line("0" + service, "1" + key, "");
    for (const auto& [key, place] : graph.lies)
        line("1" + key, "2" + place, " stroke-dasharray=\"4 3\"");
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) +
           "\" height=\"" + std::to_string(height) + "\" viewBox=\"0 0 " + std::to_string(width) +
           " " + std::to_string(height) +
           "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" "
           "fill=\"white\"/>\n" +
           lines + boxes + "</svg>\n";
}

} // namespace stanch::privilege
