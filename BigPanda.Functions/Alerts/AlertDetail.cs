using System.Collections.ObjectModel;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>What is known of one of the incident's alerts.</summary>
public sealed record AlertDetail
{
    private const int StatusField = 1, SourceField = 2, DescriptionField = 4, PrimaryField = 8, SecondaryField = 16, TagsField = 32;
    private static readonly IReadOnlyDictionary<string, TagValue> NoTags = ReadOnlyDictionary<string, TagValue>.Empty;

    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }

    /// <summary>With <see cref="SecondaryProperty"/>, the name of the tag that names the alert.</summary>
    public string? PrimaryProperty { get; init; }

    public string? SecondaryProperty { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? NoTags; } = NoTags;

    /// <summary>Null when all that is known of it is from the delivery that the list of alerts is from.</summary>
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

    /// <summary>What is said, with what is known of the rest; the newer of both where both say something.</summary>
    /// <param name="listStamp">Where this one's values are from if it does not say.</param>
    internal AlertDetail With(AlertDetail said, Stamp stamp, Stamp listStamp)
    {
        var origins = Origins ?? [new ContentOrigin(listStamp, Fields)];
        var won = origins.Won(stamp, said.Fields);
        return won == 0 ? this : this with
        {
            Status = Has(StatusField) ? said.Status : Status,
            Source = Has(SourceField) ? said.Source : Source,
            Description = Has(DescriptionField) ? said.Description : Description,
            PrimaryProperty = Has(PrimaryField) ? said.PrimaryProperty : PrimaryProperty,
            SecondaryProperty = Has(SecondaryField) ? said.SecondaryProperty : SecondaryProperty,
            Tags = Has(TagsField) ? said.Tags : Tags,
            Origins = origins.With(stamp, won),
        };

        bool Has(int field) => (won & field) != 0;
    }

    /// <summary>As it is kept in a list of this stamp, or beside one: without saying what needs no saying.</summary>
    internal AlertDetail WithoutOrigins(Stamp listStamp) => Origins is [var only] && only.Stamp == listStamp ? this with { Origins = null } : this;

    /// <summary>With its origins, for a list of another stamp.</summary>
    internal AlertDetail WithOrigins(Stamp listStamp) => Origins is null ? this with { Origins = [new ContentOrigin(listStamp, Fields)] } : this;

    /// <summary>Whether this one says all that the other does.</summary>
    internal bool SaysAllOf(AlertDetail other) => (other.Fields & ~Fields) == 0;

    internal Stamp NewestStamp => Origins is { Count: > 0 } origins ? origins.Max(origin => origin.Stamp) : default;

    /// <summary>What is empty says nothing.</summary>
    private int Fields =>
        If(Status, StatusField) | If(Source, SourceField) | If(Description, DescriptionField) | If(PrimaryProperty, PrimaryField) | If(SecondaryProperty, SecondaryField)
        | (Tags.Count == 0 ? 0 : TagsField);

    private static int If(string? text, int field) => string.IsNullOrEmpty(text) ? 0 : field;
}
