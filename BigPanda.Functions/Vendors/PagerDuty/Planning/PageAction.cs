using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// A call to make for a page, as <see cref="AlertAction"/> carries it. It has no content: what is sent is made from the alert when the turn of the
/// action has come, so that it is the last state, and no row or message has to hold it.
/// </summary>
/// <param name="Kind">One of <see cref="PageActionKinds"/>.</param>
internal sealed record PageAction(string Kind, string IncidentId, string ActionId, string PageId, string KeyId)
{
    /// <summary>Only a key that came in a tag.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeyValue { get; init; }

    /// <summary>Of a note.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    [JsonIgnore]
    public PageKey Key => new(KeyId, KeyValue);

    public static PageAction Of(string kind, string incidentId, string actionId, Page page) =>
        new(kind, incidentId, actionId, page.Id, page.Key.Id) { KeyValue = page.Key.Value };

    public AlertAction ToAction()
    {
        var action = new AlertAction { Kind = Kind, IncidentId = IncidentId, ActionId = ActionId, Destination = Destination.PagerDuty };
        Add("pageId", PageId);
        Add("keyId", KeyId);
        if (KeyValue is not null) Add("keyValue", KeyValue);
        if (Text is not null) Add("text", Text);
        return action;

        void Add(string name, string value) => action.Fields[name] = JsonSerializer.SerializeToElement(value, PageActionJson.Default.String);
    }

    // A record prints its members; a key must not reach a log.
    public override string ToString() => $"{Kind} {ActionId}";

    /// <exception cref="MessageUnreadableException">This build does not know the action.</exception>
    public static PageAction Read(AlertAction action)
    {
        return new PageAction(action.Kind, action.IncidentId, action.ActionId, Required("pageId"), Required("keyId"))
        {
            KeyValue = Find("keyValue"),
            Text = action.Kind == PageActionKinds.Note ? Required("text") : null,
        };

        string? Find(string name) => action.Fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        string Required(string name) => Find(name) ?? throw new MessageUnreadableException($"The action {action.ActionId} in PagerDuty has no {name}.");
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class PageActionJson : JsonSerializerContext;
