using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions;

/// <summary>Binds options to a section of the settings. A value of the wrong type fails the start with a message that names the setting.</summary>
internal static class SettingsBinding
{
    /// <param name="bind">The call to Bind, made by the caller so that its source generator sees the type.</param>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, IConfigurationSection section, Action<IConfigurationSection, T> bind)
        where T : class => services.AddOptions<T>().Configure(options =>
        {
            try
            {
                bind(section, options);
            }
            catch (InvalidOperationException)
            {
                // The binder's message quotes the value, which may be a secret pasted into the wrong setting.
                throw new OptionsValidationException(section.Path, typeof(T), WrongTypes<T>(section));
            }
        });

    private static IEnumerable<string> WrongTypes<T>(IConfigurationSection section)
    {
        var wrong = from property in typeof(T).GetProperties()
                    where section[property.Name] is { Length: > 0 }
                    let rule = FindBroken(property.PropertyType, section[property.Name])
                    where rule is not null
                    select $"The setting {section.Path}__{property.Name} must be {rule}.";
        return wrong.DefaultIfEmpty($"A setting in {section.Path}__ cannot be read.");
    }

    /// <summary>As the binder parses: type converters read more, such as hexadecimal numbers.</summary>
    /// <returns>What the text must be; null when it is that.</returns>
    private static string? FindBroken(Type type, string? text) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Boolean => bool.TryParse(text, out _) ? null : "true or false",
        TypeCode.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "a number",
        TypeCode.Int32 => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
        _ => null,
    };
}
