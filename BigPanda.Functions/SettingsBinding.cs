using System.ComponentModel;
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
                    where section[property.Name] is { Length: > 0 } text && !TypeDescriptor.GetConverter(property.PropertyType).IsValid(text)
                    select $"The setting {section.Path}__{property.Name} must be {Kind(property.PropertyType)}.";
        return wrong.DefaultIfEmpty($"A setting in {section.Path}__ cannot be read.");
    }

    private static string Kind(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Double or TypeCode.Decimal => "a number",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        _ => "of another form",
    };
}
