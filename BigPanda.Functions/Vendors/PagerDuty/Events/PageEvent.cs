using System.Buffers;
using System.Globalization;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>
/// An event of PagerDuty's Events API v2, without its routing key. Text from outside never makes it invalid or too large: it is cleaned and cut, and the
/// details say what was left out. Source: developer.pagerduty.com/docs/send-alert-event.
/// </summary>
/// <param name="Cuts">What was cut or left out, for people.</param>
internal sealed record PageEvent(byte[] Json, IReadOnlyList<string> Cuts)
{
    /// <summary>PagerDuty takes 512 KB. It does not say which, and the routing key comes on top.</summary>
    public const int MaxBytes = 500_000;

    private const int MaxSummary = 1024;

    /// <summary>PagerDuty documents no limit for the other texts.</summary>
    private const int MaxText = 1024;

    private const string Client = "BigPanda";
    private const string TriggerAction = "trigger";
    private const string ResolveAction = "resolve";

    public static PageEvent Acknowledge(DedupKey key) => Of("acknowledge", key);

    /// <summary>Resolves the page, if the key is the one that opened it; otherwise PagerDuty accepts the event and drops it.</summary>
    public static PageEvent Resolve(DedupKey key) => Of(ResolveAction, key);

    /// <summary>Opens the page. While it is open, the same event updates what it shows; after that, it opens another incident.</summary>
    /// <param name="severity">PagerDuty's.</param>
    public static PageEvent Trigger(Alert alert, Page page, PageMapping mapping, string severity)
    {
        var (content, key) = (alert.Content, DedupKey.Of(alert.IncidentId, page.Id));
        List<string> cuts = [];
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Readable))
        {
            WriteStart(json, TriggerAction, key.Text);
            json.WriteString("client", Client);
            json.WriteString("client_url", PageLink.Of(content.Url, key));
            WriteLinks(json, EventLinks.Of(alert, page, cuts));
            json.WriteStartObject("payload");
            WriteText(PageFields.Summary, mapping.ValueOf(content, PageFields.Summary) ?? content.Title, MaxSummary, $"Incident {alert.IncidentId}");
            WriteText(PageFields.Source, mapping.ValueOf(content, PageFields.Source) ?? AlertTitle.Primary(content), MaxText, Client);
            json.WriteString(PageFields.Severity, severity);
            if (alert.Life.LastFiredAt is var firedAt && firedAt != default)
                json.WriteString("timestamp", firedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            WriteText(PageFields.Component, mapping.ValueOf(content, PageFields.Component) ?? AlertTitle.Secondary(content), MaxText);
            WriteText(PageFields.Group, mapping.ValueOf(content, PageFields.Group) ?? AlertTitle.Environments(content), MaxText);
            WriteText(PageFields.Class, mapping.ValueOf(content, PageFields.Class), MaxText);
            EventDetails.Write(json, alert, mapping, cuts);
            json.WriteEndObject();
            json.WriteEndObject();

            void WriteText(string field, string? text, int limit, string? otherwise = null)
            {
                if (string.IsNullOrWhiteSpace(text)) text = otherwise;
                if (text is null) return;
                json.WriteString(field, EventText.Line(text.Trim(), limit));
                if (text.Trim().Length > limit) cuts.Add(FormattableString.Invariant($"cut at {limit:N0} characters: the {field}"));
            }
        }

        return new PageEvent(buffer.WrittenSpan.ToArray(), cuts);
    }

    /// <summary>Of a page that stands for no alert.</summary>
    /// <param name="summary">Null for the event that resolves it.</param>
    public static byte[] Test(string dedupKey, string? summary)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Readable))
        {
            WriteStart(json, summary is null ? ResolveAction : TriggerAction, dedupKey);
            if (summary is not null)
            {
                json.WriteString("client", Client);
                json.WriteStartObject("payload");
                json.WriteString(PageFields.Summary, EventText.Line(summary, MaxSummary));
                json.WriteString(PageFields.Source, "BigPanda alert bridge");
                json.WriteString(PageFields.Severity, PageSeverity.Info);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static PageEvent Of(string action, DedupKey key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Readable))
        {
            WriteStart(json, action, key.Text);
            json.WriteEndObject();
        }

        return new PageEvent(buffer.WrittenSpan.ToArray(), []);
    }

    private static void WriteStart(Utf8JsonWriter json, string action, string dedupKey)
    {
        json.WriteStartObject();
        json.WriteString("event_action", action);
        json.WriteString("dedup_key", dedupKey);
    }

    private static void WriteLinks(Utf8JsonWriter json, IReadOnlyList<EventLink> links)
    {
        if (links.Count == 0) return;
        json.WriteStartArray("links");
        foreach (var (href, text) in links)
        {
            json.WriteStartObject();
            json.WriteString("href", href);
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
