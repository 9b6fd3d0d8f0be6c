using System.Text.RegularExpressions;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Resolves %Name% in a trigger to the setting of that name, as the Functions host does.</summary>
internal static partial class SettingReference
{
    public static string Resolve(string text, IConfiguration configuration) => Reference().Replace(text, reference =>
    {
        var name = reference.Groups[1].Value;
        return configuration[name.Replace("__", ":", StringComparison.Ordinal)]
            ?? throw new LocalHostException($"The setting {name} is missing: a trigger refers to it.");
    });

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
