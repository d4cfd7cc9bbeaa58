{{ every_system('opportunities') }}
