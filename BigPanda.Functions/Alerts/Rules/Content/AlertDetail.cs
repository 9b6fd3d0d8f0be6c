using System.Collections.ObjectModel;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>One of the incident's alerts, merged from the deliveries that had it.</summary>
public sealed record AlertDetail
{
    private const int StatusField = 1, SourceField = 2, DescriptionField = 4, PrimaryField = 8, SecondaryField = 16, TagsField = 32;
    private static readonly IReadOnlyDictionary<string, TagValue> NoTags = ReadOnlyDictionary<string, TagValue>.Empty;

    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }

    /// <summary>Name of the tag whose value names the alert, like <see cref="SecondaryProperty"/>.</summary>
    public string? PrimaryProperty { get; init; }

    public string? SecondaryProperty { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? NoTags; } = NoTags;

    /// <summary>Null when every value is from the delivery that the list of alerts is from.</summary>
    public IReadOnlyList<ContentOrigin>? Origins { get; init; }

    public static AlertDetail From(IncidentAlert alert) => new()
    {
        Id = alert.Id,
        Status = AlertContent.Word(alert.Status),
        Source = alert.Source,
        Description = alert.Description,
        PrimaryProperty = alert.PrimaryProperty,
        SecondaryProperty = alert.SecondaryProperty,
        Tags = alert.Tags,
    };

    /// <summary>Merges another delivery's values: per field, the newer value wins and a missing one changes nothing.</summary>
    /// <param name="listStamp">The stamp of this one's values where <see cref="Origins"/> is null.</param>
    internal AlertDetail With(AlertDetail sent, Stamp stamp, Stamp listStamp)
    {
        var origins = Origins ?? [new ContentOrigin(listStamp, Fields)];
        var won = origins.Won(stamp, sent.Fields);
        return won == 0 ? this : this with
        {
            Status = Has(StatusField) ? sent.Status : Status,
            Source = Has(SourceField) ? sent.Source : Source,
            Description = Has(DescriptionField) ? sent.Description : Description,
            PrimaryProperty = Has(PrimaryField) ? sent.PrimaryProperty : PrimaryProperty,
            SecondaryProperty = Has(SecondaryField) ? sent.SecondaryProperty : SecondaryProperty,
            Tags = Has(TagsField) ? sent.Tags : Tags,
            Origins = origins.With(stamp, won),
        };

        bool Has(int field) => (won & field) != 0;
    }

    /// <summary>Drops origins that equal the list's stamp.</summary>
    internal AlertDetail WithoutOrigins(Stamp listStamp) => Origins is [var only] && only.Stamp == listStamp ? this with { Origins = null } : this;

    /// <summary>Makes the origins explicit, to move it to a list of another stamp.</summary>
    internal AlertDetail WithOrigins(Stamp listStamp) => Origins is null ? this with { Origins = [new ContentOrigin(listStamp, Fields)] } : this;

    /// <summary>Whether this one has every field that the other has.</summary>
    internal bool HasAllFieldsOf(AlertDetail other) => (other.Fields & ~Fields) == 0;

    internal Stamp NewestStamp => Origins is { Count: > 0 } origins ? origins.Max(origin => origin.Stamp) : default;

    /// <summary>The fields that are not empty.</summary>
    private int Fields =>
        If(Status, StatusField) | If(Source, SourceField) | If(Description, DescriptionField)
        | If(PrimaryProperty, PrimaryField) | If(SecondaryProperty, SecondaryField) | (Tags.Count == 0 ? 0 : TagsField);

    private static int If(string? text, int field) => string.IsNullOrEmpty(text) ? 0 : field;
}
