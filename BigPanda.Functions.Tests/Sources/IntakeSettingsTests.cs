using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Sources;

/// <summary>The app starts only with valid settings, and names an invalid one.</summary>
public sealed class IntakeSettingsTests
{
    private const string InvalidAddress = "The setting Sources__PublicBaseUrl must be an http or https address, without a user name, query or fragment.";

    [Fact]
    public void Good_settings_are_taken() => Assert.Empty(Start([]));

    [Theory]
    [InlineData("Sources:PublicBaseUrl", "alerts.example.com", InvalidAddress)]
    [InlineData("Sources:PublicBaseUrl", "ftp://alerts.example.com", InvalidAddress)]
    [InlineData("Sources:SilentAfterHours", "0", "The setting Sources__SilentAfterHours must be from 1 to 720.")]
    [InlineData("Sources:RejectedBurst", "0", "The setting Sources__RejectedBurst must be from 1 to 1000000.")]
    [InlineData("Intake:MaxBodyBytes", "1023", "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    [InlineData("Intake:MaxBodyBytes", "33554433", "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    public void A_setting_that_is_missing_or_bad_names_itself(string key, string? value, string message) =>
        Assert.Contains(Start(new() { [key] = value }), failure => failure.EndsWith(message, StringComparison.Ordinal));

    [Fact]
    public void All_bad_settings_are_named_at_once() =>
        Assert.Equal(2, Start(new() { ["Sources:RejectedBurst"] = "0", ["Intake:MaxBodyBytes"] = "1" }).Count);

    [Theory]
    [InlineData("Sources:PublicBaseUrl", "")]
    [InlineData("Sources:PublicBaseUrl", "https://alerts.example.com/")]
    [InlineData("Sources:SilentAfterHours", "720")]
    [InlineData("Intake:MaxBodyBytes", "1024")]
    [InlineData("Intake:MaxBodyBytes", "33554432")]
    public void What_may_be_left_out_may_be_set(string key, string value) => Assert.Empty(Start(new() { [key] = value }));

    private static List<string> Start(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddSources(configuration).AddWebhooks(configuration).BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e)
        {
            return [.. e.InnerExceptions.OfType<OptionsValidationException>().SelectMany(each => each.Failures)];
        }
    }
}
