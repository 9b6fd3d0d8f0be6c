#nullable enable
using System.Globalization;

namespace Azure.Data.Tables;

internal static class EntityValue
{
    public static T? As<T>(object? value) => value switch
    {
        null => default,
        T typed => typed,
        _ => throw new InvalidOperationException($"Cannot return {typeof(T)} type for a {value.GetType()} typed property."),
    };

    /// <summary>A property keeps the type it has: an int assigned to a long or double becomes one, anything else of another type is refused.</summary>
    public static object KeepType(object existing, object value) => (existing, value) switch
    {
        _ when existing.GetType().IsInstanceOfType(value) => value,
        (int, long or double) => value,
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        _ => throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"Value ({existing.GetType()}) {existing} is not convertable to ({value.GetType()}) {value}.")),
    };
}
