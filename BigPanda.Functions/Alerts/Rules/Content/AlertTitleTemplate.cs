using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>
/// A source's title template: text with placeholders; <c>{{</c> and <c>}}</c> are literal braces. Names are sorted, so the title is stable
/// while the same alerts are in the incident.
/// </summary>
internal sealed class AlertTitleTemplate
{
    public const int MaxLength = 300;

    private const string TagPrefix = "tag:";
    private const string Known = "{primary}, {secondary}, {description}, {environment}, {severity}, {status}, {incidentId} and {tag:NAME}";

    private readonly List<Func<AlertContent, string, string?>> _parts = [];

    private AlertTitleTemplate()
    {
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out AlertTitleTemplate? template, [NotNullWhen(false)] out TemplateError? error)
    {
        template = null;
        if (text.Length > MaxLength)
        {
            error = new TemplateError(MaxLength + 1, $"a template has at most {MaxLength} characters.");
            return false;
        }

        var parsed = new AlertTitleTemplate();
        error = parsed.Parse(text);
        if (error is not null) return false;
        template = parsed;
        return true;
    }

    /// <returns>Null when the result is blank.</returns>
    public string? Render(AlertContent content, string incidentId)
    {
        var title = string.Concat(_parts.Select(part => part(content, incidentId)));
        var line = string.Join(' ', Wording.ToLine(title).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? null : Wording.Shorten(line, AlertTitle.MaxLength);
    }

    private TemplateError? Parse(string text)
    {
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
            }
            else if (c == '}')
            {
                return new TemplateError(i + 1, "this } has no matching {; write }} for a literal brace.");
            }
            else if (c == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < 0) return new TemplateError(i + 1, "this { is never closed; write {{ for a literal brace.");
                if (Placeholder(text[(i + 1)..end]) is not { } part)
                    return new TemplateError(i + 1, $"unknown placeholder {text[i..(end + 1)]}; use {Known}.");
                Add(literal);
                _parts.Add(part);
                i = end;
            }
            else
            {
                literal.Append(c);
            }
        }

        Add(literal);
        return _parts.Count == 0 ? new TemplateError(1, "the template is empty.") : null;
    }

    private void Add(StringBuilder literal)
    {
        if (literal.Length == 0) return;
        var text = literal.ToString();
        _parts.Add((_, _) => text);
        literal.Clear();
    }

    private static Func<AlertContent, string, string?>? Placeholder(string name) => name switch
    {
        "primary" => (content, _) => AlertTitle.Primary(content),
        "secondary" => (content, _) => AlertTitle.Secondary(content),
        "description" => (content, _) => AlertTitle.Descriptions(content).Order(StringComparer.Ordinal).FirstOrDefault(),
        "environment" => (content, _) => AlertTitle.Environments(content),
        "severity" => (content, _) => content.Severity,
        "status" => (content, _) => content.IncidentStatus,
        "incidentId" => (_, incidentId) => incidentId,
        _ when name.StartsWith(TagPrefix, StringComparison.Ordinal) && name.Length > TagPrefix.Length =>
            (content, _) => AlertTitle.Tag(content, name[TagPrefix.Length..]),
        _ => null,
    };
}

/// <param name="Position">The invalid character, counted from 1.</param>
internal sealed record TemplateError(int Position, string What);
