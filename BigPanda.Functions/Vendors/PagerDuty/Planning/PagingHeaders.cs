using BigPanda.Functions.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// The names of the headers of BigPanda's deliveries that say how an incident is paged, in lower case. They are settings: BigPanda's documentation
/// leaves some of them out.
/// </summary>
public sealed record PagingHeaders(string KeyTag, string Mapping, string FieldPrefix)
{
    public static PagingHeaders Of(PagerDutyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PagingHeaders(
            options.KeyTagHeader.ToLowerInvariant(), options.MappingHeader.ToLowerInvariant(), options.FieldHeaderPrefix.ToLowerInvariant());
    }
}
