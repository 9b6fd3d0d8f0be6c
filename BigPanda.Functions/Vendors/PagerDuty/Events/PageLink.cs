using System.Diagnostics.CodeAnalysis;
using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>
/// The <c>client_url</c> of a page: the incident's page in BigPanda with the dedup key as fragment, <c>#bigpanda:{incident}:{page}</c>. PagerDuty's webhook has
/// no dedup key, but repeats this address in <c>event.client</c> when the page opens. An address that has a fragment, which a web app routes by, has the key in
/// the query instead.
/// </summary>
internal static class PageLink
{
    private const string Console = "https://a.bigpanda.io/";
    private const string Query = "bigpanda";

    /// <param name="url">The incident's page; null when no delivery has named it.</param>
    public static string Of(string? url, DedupKey key)
    {
        var page = WebLink.Of(url) is { } link ? new Uri(link).AbsoluteUri : Console;
        var marker = Uri.EscapeDataString(key.Text).Replace("%3A", ":", StringComparison.Ordinal);
        var fragment = page.IndexOf('#', StringComparison.Ordinal);
        if (fragment < 0) return $"{page}#{marker}";
        var address = page[..fragment];
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Query}={marker}{page[fragment..]}";
    }

    /// <summary>False for an address that is not of a page of the bridge.</summary>
    public static bool TryRead(string? clientUrl, [NotNullWhen(true)] out DedupKey? key)
    {
        key = null;
        if (!Uri.TryCreate(clientUrl, UriKind.Absolute, out var url)) return false;
        if (DedupKey.TryRead(Uri.UnescapeDataString(url.Fragment.TrimStart('#')), out key)) return true;
        foreach (var part in url.Query.TrimStart('?').Split('&'))
        {
            if (part.Split('=', 2) is [Query, var value] && DedupKey.TryRead(Uri.UnescapeDataString(value), out key)) return true;
        }

        return false;
    }
}
