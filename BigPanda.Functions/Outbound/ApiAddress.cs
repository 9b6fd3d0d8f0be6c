using System.Net;

namespace BigPanda.Functions.Outbound;

/// <summary>Decides where the key may be sent: over https, to a public host, never to a machine's metadata service.</summary>
internal static class ApiAddress
{
    /// <summary>Metadata and platform services of Azure and other clouds outside the link-local ranges.</summary>
    private static readonly IPAddress[] MachineServices =
        [IPAddress.Parse("168.63.129.16"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254")];

    /// <returns>What is wrong, to follow the setting's name in a sentence; null for a valid address.</returns>
    public static string? Validate(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return "is not a URL";
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0) return "must have no user name, query or fragment";
        if (url.Scheme is not ("http" or "https")) return "must be https (http only to this machine)";
        if (url.Host.Trim('.').Length == 0) return "is not a URL";
        if (IPAddress.TryParse(url.DnsSafeHost, out var address) && IsForbidden(address)) return "must not be a link-local or metadata address";
        if (url.DnsSafeHost.TrimEnd('.').Equals("metadata.google.internal", StringComparison.OrdinalIgnoreCase))
            return "must not be a link-local or metadata address";
        return url.Scheme == Uri.UriSchemeHttps || IsThisMachine(url) ? null : "must be https (http only to this machine)";
    }

    /// <summary>Covers every notation of an address; also asked for the addresses that a host name resolves to.</summary>
    public static bool IsForbidden(IPAddress address)
    {
        if (Embedded(address) is { } inner) return IsForbidden(inner);
        return address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal
            || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast)
            || address.GetAddressBytes() is [169, 254, _, _] or [>= 224 and < 240, _, _, _]
            || MachineServices.Contains(address);
    }

    private static bool IsThisMachine(Uri url) => url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The IPv4 address inside an IPv6 one: mapped, compatible, NAT64 (64:ff9b::/96) or 6to4 (2002::/16).</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.GetAddressBytes() switch
        {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, var a, var b, var c, var d] when (a, b, c, d) is not ((0, 0, 0, 0) or (0, 0, 0, 1)) =>
                new IPAddress([a, b, c, d]),
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, var a, var b, var c, var d] => new IPAddress([a, b, c, d]),
            [0x20, 0x02, var a, var b, var c, var d, ..] and { Length: 16 } => new IPAddress([a, b, c, d]),
            _ => null,
        };
    }
}
